/** `npm start`: the bundled scenario; `npm start -- run my.yaml`: whatever is asked. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const asked = process.argv.slice(2);
const args = asked.length > 0 ? asked : ['run', 'scenarios/support-chatbot.yaml'];
const cwd = asked.length > 0 ? (process.env.INIT_CWD ?? process.cwd()) : fileURLToPath(new URL('..', import.meta.url));
const done = spawnSync(process.execPath, [main, ...args], { cwd, stdio: 'inherit' });
process.exitCode = done.status ?? 70;
