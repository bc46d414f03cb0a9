#!/bin/sh
# Answers "<count> <hostname>"; 503 where Redis does not answer.
reply=$(printf 'INCR visits\r\nQUIT\r\n' | nc -w 3 "$REDIS_HOST" "$REDIS_PORT" 2>&1)
case $reply in
  :*) printf 'Content-Type: text/plain\r\n\r\n%s %s\n' "$(printf %s "$reply" | sed -n '1s/[^0-9]//gp')" "$(hostname)" ;;
  *) printf 'Status: 503 Service Unavailable\r\nContent-Type: text/plain\r\n\r\nno answer from %s: %s\n' "$REDIS_HOST" "$reply" ;;
esac
