// A chart of ECharts as a still SVG, fetched when the first one is shown, with buttons that save it. The page sets the
// same numbers beside it as a table.

import { useEffect, useRef, useState } from 'preact/hooks';
import { dark } from '../lib/store';
import { say } from '../words/svg-chart';
import type { Option } from './echart';
import './svg-chart.css';

// Told apart by lightness as well as by hue, so that they stay apart in print and for the colour-blind.
export const INK = { light: ['#8a1c1c', '#1a56b8', '#6fa8ff', '#767676', '#c9c9c9'], dark: ['#ff8a80', '#8ab4ff', '#3f6fc4', '#a0a0a0', '#5c5c5c'] };

function save(name: string, url: string): void {
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
}
const svgUrl = (svg: string) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

async function savePng(name: string, svg: string, width: number, height: number, ground: string): Promise<void> {
  const image = new Image(width, height);
  image.src = svgUrl(svg);
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width * 2, height * 2];
  const context = canvas.getContext('2d')!;
  context.fillStyle = ground;
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  save(name, canvas.toDataURL('image/png'));
}

const HEIGHT = 320;

/** `option` is the same object as long as the picture is to stay; `file` names what is saved, without an ending. */
export function SvgChart({ option, name, file }: { option: Option; name: string; file: string }) {
  const box = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [svg, setSvg] = useState<string | null>(null);
  const isDark = dark.value;
  useEffect(() => {
    const watch = new ResizeObserver(([entry]) => setWidth(Math.floor(entry!.contentRect.width)));
    watch.observe(box.current!);
    return () => watch.disconnect();
  }, []);
  useEffect(() => {
    if (width < 100) return;
    let wanted = true;
    void import('./echart').then(({ chartSvg, svgElement }) => {
      if (!wanted || !box.current) return;
      const text = chartSvg(option, width, HEIGHT);
      box.current.replaceChildren(svgElement(text));
      setSvg(text);
    });
    return () => void (wanted = false);
  }, [option, width]);
  return (
    <>
      <div class="chart-scroll" tabIndex={0} role="region" aria-label={say('chart.area', { name })}>
        <div ref={box} class="echart" role="img" aria-label={say('chart', { name })} style={{ minHeight: `${HEIGHT}px` }} />
      </div>
      <p class="files no-print">
        <button type="button" class="button secondary small" data-save="svg" disabled={!svg} onClick={() => svg && save(`${file}.svg`, svgUrl(svg))}>
          {say('svg')}
        </button>
        <button
          type="button"
          class="button secondary small"
          data-save="png"
          disabled={!svg}
          onClick={() => svg && void savePng(`${file}.png`, svg, width, HEIGHT, isDark ? '#1f1f22' : '#ffffff')}
        >
          {say('png')}
        </button>
      </p>
    </>
  );
}
