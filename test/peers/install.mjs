/** Debian's ClickHouse server: found, or installed with apt where we may. Gives the program's path, or why there is none. */
import { debianProgram } from './debian.mjs';

export const clickhouseServer = () =>
  debianProgram({
    name: 'clickhouse-server',
    programs: ['/usr/sbin/clickhouse-server', '/usr/bin/clickhouse-server'],
    packages: ['clickhouse-server', 'clickhouse-client'],
  });
