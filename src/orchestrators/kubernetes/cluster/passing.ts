/** What a kubelet says while it has not caught up, or the engine is slow: it tries again. */
export const passing =
  /timed out waiting|deadline exceeded|failed to sync (configmap|secret) cache|name is reserved|already in use/i
