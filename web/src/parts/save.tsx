// Ways out of a page: files and paper.

import { say } from '../words/common';

interface DownloadsProps {
  /** What is saved, for those who hear only the link. */
  name: string;
  files: { format: string; href: string }[];
}
export function Downloads({ name, files }: DownloadsProps) {
  return (
    <span class="files">
      {files.map(({ format, href }) => (
        <a key={format} class="button secondary small" href={href} download aria-label={say('download', { name, format: format.toUpperCase() })}>
          {format.toUpperCase()}
        </a>
      ))}
    </span>
  );
}
export function PrintButton() {
  return (
    <button type="button" class="button secondary small no-print" onClick={() => print()}>
      {say('print')}
    </button>
  );
}
