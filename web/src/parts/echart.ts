// ECharts, tree-shaken and without a document of its own: it writes an SVG as text, which is parsed here and put into the
// page with its styles set through the style object. So the page's policy holds (no style attributes, no markup made
// from text), the chart prints, and what is saved is what is seen. The price is no tooltip; the table beside the chart
// has every number. Loaded with the first chart.

import { BarChart, HeatmapChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, VisualMapComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, HeatmapChart, LineChart, GridComponent, LegendComponent, VisualMapComponent, SVGRenderer]);

export type Option = echarts.EChartsCoreOption;

export function chartSvg(option: Option, width: number, height: number): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({ animation: false, ...option });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

/** The picture as an element. Styles wait under another name until it is parsed: the policy would refuse them as
 * attributes, and takes them through the style object. Effects of pointing are left out, which a still picture has not. */
export function svgElement(text: string): SVGSVGElement {
  const held = text.replace(/<style[^>]*>[\s\S]*?<\/style>/g, '').replaceAll(' style="', ' data-style="');
  const parsed = new DOMParser().parseFromString(held, 'image/svg+xml').documentElement;
  const svg = document.importNode(parsed, true) as unknown as SVGSVGElement;
  for (const element of svg.querySelectorAll<SVGElement>('[data-style]')) {
    element.style.cssText = element.getAttribute('data-style') ?? '';
    element.removeAttribute('data-style');
  }
  return svg;
}
