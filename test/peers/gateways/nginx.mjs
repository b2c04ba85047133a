/**
 * Debian's nginx before one seller, as one would set it up for streams: keep-alive to the seller, no buffering, one process
 * that does the work, so that its id is the one to measure. It retries nothing, and knows nothing of what it carries.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { debianProgram } from '../debian.mjs';
import { freePorts } from '../servers.mjs';
import { startProcess } from './process.mjs';

const found = () => debianProgram({ name: 'nginx', programs: ['/usr/sbin/nginx'], packages: ['nginx'] });

/** @param upstream_url of the seller, without a path; @param idle_ms between two reads from the seller */
export async function startNginx({ upstream_url, idle_ms = 60_000 }) {
  const { program, missing } = found();
  if (program === undefined) return { missing };
  const folder = mkdtempSync(path.join(tmpdir(), 'tollgate-nginx-'));
  const [port] = await freePorts(1);
  const config = path.join(folder, 'nginx.conf');
  writeFileSync(config, configOf({ folder, port, host: new URL(upstream_url).host, idle_ms }));
  return startProcess(program, ['-p', folder, '-e', path.join(folder, 'error.log'), '-c', config], {
    url: `http://127.0.0.1:${port}`,
    onStop: () => rmSync(folder, { recursive: true, force: true }),
  });
}

/** "1.22.1" */
export function nginxVersion() {
  const { program } = found();
  if (program === undefined) return undefined;
  // nginx says it on standard error, whatever the outcome.
  const told = execFileSync('/bin/sh', ['-c', '"$0" -v 2>&1', program], { encoding: 'utf8' });
  return /nginx\/([\d.]+)/.exec(told)?.[1];
}

const configOf = ({ folder, port, host, idle_ms }) => `
daemon off;
master_process off;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 8192; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  client_max_body_size 20m;
  keepalive_requests 1000000;
  upstream seller {
    server ${host};
    keepalive 128;
    keepalive_requests 1000000;
  }
  server {
    listen 127.0.0.1:${port};
    location = / { return 204; }
    location / {
      proxy_pass http://seller;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_buffering off;
      proxy_read_timeout ${idle_ms}ms;
    }
  }
}
`;
