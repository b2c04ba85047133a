/** Installs Debian's Chromium for the tests of the page, where we may; else says in one line that they will be skipped. */
import { debianProgram } from '../peers/debian.mjs';

const { missing } = debianProgram({
  name: 'Chromium',
  programs: ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  packages: ['chromium'],
});
if (missing !== undefined) console.log(`tests of the page are skipped: ${missing}`);
