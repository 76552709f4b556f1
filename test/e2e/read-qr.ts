import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
prepareZXingModule({ overrides: { wasmBinary: new Uint8Array(readFileSync(wasm)).buffer } });

/** What the QR code in a picture (PNG) says, as a phone's camera app would read it. */
export async function readQr(picture: Uint8Array): Promise<string> {
  const picked = new Blob([new Uint8Array(picture)]);
  const [found] = await readBarcodes(picked, { formats: ['QRCode'], tryHarder: true });
  if (!found?.text) throw new Error('there is no readable QR code in the picture');
  return found.text;
}
