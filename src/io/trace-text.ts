/**
 * Text out of the bytes of a trace, chunk by chunk: UTF-8, UTF-16 with a byte order mark, or Windows-1252 where bytes are
 * no UTF-8. Lone carriage returns, as old Macs wrote them, become line ends.
 *
 * What is no text at all is refused with what it is and what to do. It splits nothing.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import { inputError } from '../errors.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

const MARK = '\uFEFF';

export class TraceText {
  encoding: Encoding = 'utf-8';
  readonly has_mark: boolean;
  /** Lines end with a carriage return alone. */
  readonly has_lone_returns: boolean;
  readonly warnings: string[] = [];
  private isFirst = true;
  /** Bytes of a character that the next chunk completes. */
  private carry: Buffer = Buffer.alloc(0);
  private readonly wide: InstanceType<typeof TextDecoder> | undefined;
  /** A chunk was UTF-8 beyond ASCII. */
  private isProven = false;
  private misfits = 0;

  /** @param head the first bytes, 64 kB or all, checked by `checkText` */
  constructor(head: Buffer) {
    const [a, b, c] = head;
    if (a === 0xff && b === 0xfe) this.encoding = 'utf-16le';
    else if (a === 0xfe && b === 0xff) this.encoding = 'utf-16be';
    this.has_mark = this.encoding !== 'utf-8' || (a === 0xef && b === 0xbb && c === 0xbf);
    if (this.encoding !== 'utf-8') this.wide = new TextDecoder(this.encoding);
    const text = this.wide === undefined ? head.toString('latin1') : new TextDecoder(this.encoding).decode(head);
    this.has_lone_returns = text.includes('\r') && !text.includes('\n') && text.indexOf('\r') < text.length - 1;
  }

  decode(bytes: Buffer): string {
    return this.finished(this.wide === undefined ? this.narrow(bytes) : this.wide.decode(bytes, { stream: true }));
  }

  end(): string {
    const rest = this.wide === undefined ? this.settled(this.carry) : this.wide.decode();
    if (this.misfits > 0)
      this.warnings.push(
        this.encoding === 'windows-1252'
          ? 'is not UTF-8; read as Windows-1252'
          : `holds ${this.misfits} bytes that are not UTF-8; they stand as ${REPLACEMENT}`,
      );
    return this.finished(rest);
  }

  private finished(text: string): string {
    let whole = text;
    if (this.isFirst && text !== '') {
      this.isFirst = false;
      let at = 0;
      while (text.startsWith(MARK, at)) at++;
      whole = text.slice(at);
    }
    return this.has_lone_returns ? whole.replaceAll('\r', '\n') : whole;
  }

  private narrow(bytes: Buffer): string {
    if (this.encoding === 'windows-1252') return windows1252(bytes);
    if (this.carry.length === 0 && isAscii(bytes)) return bytes.toString('latin1');
    const all = this.carry.length === 0 ? bytes : Buffer.concat([this.carry, bytes]);
    const complete = all.length - incomplete(all);
    this.carry = Buffer.from(all.subarray(complete));
    return this.settled(all.subarray(0, complete));
  }

  /** Bytes at which characters end; a stray byte among real UTF-8 is damage, several without any are another encoding. */
  private settled(bytes: Buffer): string {
    if (this.encoding === 'windows-1252') return windows1252(bytes);
    const text = bytes.toString('utf8');
    if (isUtf8(bytes)) {
      this.isProven ||= !isAscii(bytes);
      return text;
    }
    const misfits = text.split(REPLACEMENT).length - 1;
    this.misfits += misfits;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII
    const characters = text.replace(/[\u0000-\u007F\uFFFD]/g, '').length;
    if (this.isProven || characters > misfits) return text;
    this.encoding = 'windows-1252';
    const whole = Buffer.concat([bytes, this.carry]);
    this.carry = Buffer.alloc(0);
    return windows1252(whole);
  }
}

const REPLACEMENT = '\uFFFD';

/** How many bytes at the end begin a character that they do not complete: up to 3. */
function incomplete(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return needed > back ? back : 0;
  }
  return 0;
}

/** What Windows-1252 has where Latin-1 has control characters; the five bytes without a character stay as they are. */
const C1 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008DŽ\u008F\u0090‘’“”•–—˜™š›œ\u009DžŸ';

const windows1252 = (bytes: Buffer): string =>
  bytes.toString('latin1').replace(/[\u0080-\u009F]/g, (char) => C1[char.charCodeAt(0) - 0x80]!);

/** Names that other kinds of files begin with, and what to do with those. */
const FOREIGN: readonly (readonly [string, string])[] = [
  ['\x28\xb5\x2f\xfd', 'is compressed with zstd; unpack it first (unzstd)'],
  ['BZh', 'is compressed with bzip2; unpack it first (bunzip2)'],
  ['\xfd7zXZ', 'is compressed with xz; unpack it first (unxz)'],
  ['SQLite format 3', 'is an SQLite database; export the table as CSV'],
  ['%PDF', 'is a PDF; export CSV or JSON instead'],
  ['\xd0\xcf\x11\xe0', 'is an old Excel file; save it as CSV'],
  ['<', 'is HTML or XML, perhaps the page of a log-in; export CSV or JSON instead'],
];

/** Refuses what is no text. @param head the first bytes */
export function checkText(name: string, head: Buffer): void {
  const start = head.toString('latin1', 0, 64);
  const [a, b] = head;
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06'))
    throw inputError('TRACE_ENCODING', name, zipAdvice(head));
  for (const [magic, advice] of FOREIGN)
    if (start.trimStart().startsWith(magic)) throw inputError('TRACE_ENCODING', name, advice);
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff)) return;
  const zero = head.indexOf(0);
  if (zero < 0) return;
  const isWide = head.length > 3 && (head[0] === 0) !== (head[1] === 0) && (head[2] === 0) !== (head[3] === 0);
  throw inputError(
    'TRACE_ENCODING',
    name,
    isWide ? 'is UTF-16 without a byte order mark; save it as UTF-8' : 'is not a text file: it holds zero bytes',
  );
}

function zipAdvice(head: Buffer): string {
  const text = head.toString('latin1');
  if (text.includes('[Content_Types].xml') || text.includes('xl/'))
    return 'is an Excel workbook; save its sheet as CSV and name that file';
  const names: string[] = [];
  for (
    let at = text.indexOf('PK\x03\x04');
    at >= 0 && at + 30 <= head.length;
    at = text.indexOf('PK\x03\x04', at + 4)
  ) {
    const entry = head.toString('utf8', at + 30, at + 30 + head.readUInt16LE(at + 26));
    if (/^[ -~]+\.(csv|jsonl?|ndjson|tsv|parquet|gz)$/i.test(entry)) names.push(entry);
  }
  const one = names.find((entry) => /amount|usage|activity/i.test(entry)) ?? names[0];
  return one === undefined
    ? 'is a ZIP archive; unpack it and name the file in it that holds the usage'
    : `is a ZIP archive; unpack it and name ${one}${names.length > 1 ? ` (there are ${names.slice(0, 5).join(', ')})` : ''}`;
}
