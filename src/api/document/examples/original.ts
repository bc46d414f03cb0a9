// The answers of the original's three endpoints.
const sid = '6e17bd6544444f1cc74a8ab4ba09e5a5'

export const started = {
  status: 'success',
  result: {
    name: 'notebook',
    sid,
    containers: { web: { port: 30081, ip_address: '192.0.2.10' } },
    conn_string: '',
  },
  message: 'Started system notebook',
}

export const listed = {
  status: 'success',
  result: [
    {
      name: 'notebook',
      sid,
      app_id: 'notebook',
      ip_address: '192.0.2.10',
      port: '30081',
      creation_time: '11-28-2026 8:59:58',
      username: 'ada',
      utilization: { web: null },
      is_ready: true,
      workspace_name: '',
    },
  ],
  message: 'Listed systems',
}

export const deleted = { status: 'success', result: null, message: 'Deleted system notebook' }
