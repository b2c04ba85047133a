/** The one-file build of mathjs loads several times faster than its 1,262 modules; it ships without types of its own. */
declare module 'mathjs/lib/browser/math.js' {
  const mathjs: typeof import('mathjs');
  export default mathjs;
}
