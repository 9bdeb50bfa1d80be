import { dirname } from "node:path";

export default {
  poweredByHeader: false,
  compress: false,
  outputFileTracingRoot: dirname(import.meta.dirname ?? process.cwd()),
};
