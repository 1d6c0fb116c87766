// A text as a QR code.

import { useEffect, useState } from 'preact/hooks';
import { t } from '../lib/ui';

// The code as squares in one path: no image, no style written into the page.
export function QrCode({ text, label }: { text: string; label: string }) {
  const [shape, setShape] = useState<{ size: number; path: string } | null>(null);
  useEffect(() => {
    void import('qrcode-generator').then(({ default: qrcode }) => {
      const code = qrcode(0, 'M');
      code.addData(text);
      code.make();
      const size = code.getModuleCount();
      let path = '';
      for (let row = 0; row < size; row++)
        for (let column = 0; column < size; column++)
          if (code.isDark(row, column)) path += `M${column + 4} ${row + 4}h1v1h-1z`;
      setShape({ size: size + 8, path });
    });
  }, [text]);
  if (!shape) return <p class="loading">{t('common.loading')}</p>;
  return (
    <svg class="qr" viewBox={`0 0 ${shape.size} ${shape.size}`} role="img" aria-label={label}>
      <path class="qr-ground" d={`M0 0h${shape.size}v${shape.size}H0z`} />
      <path class="qr-ink" d={shape.path} />
    </svg>
  );
}
