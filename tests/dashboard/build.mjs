// Bundles the page that renders a view into the folder that is named.
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const [into] = process.argv.slice(2);
const EMBEDDED = ['.woff', '.woff2', '.svg', '.png'];

await build({
    absWorkingDir: path.dirname(fileURLToPath(import.meta.url)),
    entryPoints: [{ in: 'src/page.jsx', out: 'page' }],
    outdir: path.resolve(into),
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: 'chrome120',
    define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
    loader: Object.fromEntries(EMBEDDED.map((ending) => [ending, 'dataurl'])),
    logLevel: 'warning',
});
