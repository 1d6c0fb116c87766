import { defineConfig } from 'vitest/config';

// The page is served under a content security policy without exceptions: nothing is inlined, neither
// scripts nor styles nor data: addresses, and no request leaves the host.
export default defineConfig({
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  logLevel: 'warn',
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 600, // charts, on the page of statistics only
  },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
});
