import { join } from 'node:path';
import { defineConfig, type Plugin } from 'vite';
import { documentWords } from './src/web/phone/message-en.ts';

/** The server writes the phone page's document and takes its few words from the page's own catalogue. */
const phoneWords: Plugin = {
  name: 'phone-words',
  applyToEnvironment: (environment) => environment.name === 'phone',
  generateBundle() {
    this.emitFile({
      type: 'asset',
      fileName: 'words.json',
      source: JSON.stringify(documentWords),
    });
  },
};

const web = join(import.meta.dirname, 'src/web');

// Two parts, two environments: the app below /app/, and the phone page as one script and one style sheet
// that the server inlines.
export default defineConfig({
  root: web,
  base: '/app/',
  publicDir: false,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [phoneWords],
  build: { emptyOutDir: true, reportCompressedSize: false },
  builder: {},
  environments: {
    client: {
      build: {
        outDir: '../../dist/web/app',
        target: 'es2022',
        rolldownOptions: { input: join(web, 'index.html') },
      },
    },
    phone: {
      consumer: 'client',
      build: {
        outDir: '../../dist/web/phone',
        target: 'es2019',
        cssTarget: ['chrome80', 'safari13'],
        cssCodeSplit: false,
        modulePreload: false,
        rolldownOptions: {
          input: join(web, 'phone/phone.ts'),
          output: {
            format: 'iife',
            entryFileNames: 'phone.js',
            assetFileNames: 'phone[extname]',
          },
        },
      },
    },
  },
});
