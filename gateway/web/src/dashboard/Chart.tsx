import { BarChart, LineChart, TreemapChart } from 'echarts/charts';
import { GridComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsType } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { ComposeOption } from 'echarts/core';
import type { BarSeriesOption, LineSeriesOption, TreemapSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import { useEffect, useRef, useSyncExternalStore } from 'react';

use([BarChart, LineChart, TreemapChart, GridComponent, TooltipComponent, SVGRenderer]);

export type Option = ComposeOption<
  | BarSeriesOption
  | LineSeriesOption
  | TreemapSeriesOption
  | GridComponentOption
  | TooltipComponentOption
>;

/** The colours of the page, for what is drawn and not styled. */
export interface Palette {
  readonly ink: string;
  readonly faint: string;
  readonly ground: string;
  readonly accent: string;
  readonly calm: string;
}

interface ChartProps {
  /** What the picture shows, in a sentence; its figures stand in a table beside it. */
  readonly label: string;
  readonly height: number;
  readonly draw: (palette: Palette) => Option;
  readonly onPick?: (key: string) => void;
}

/** A picture of figures, in the page's colours and as wide as its place. */
export function Chart({ label, height, draw, onPick }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const picked = useRef(onPick);
  const dark = useDark();
  picked.current = onPick;

  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const drawn = init(element, undefined, { renderer: 'svg' });
    chart.current = drawn;
    drawn.on('click', ({ data }) => {
      const key = (data as { key?: string } | null)?.key;
      if (key !== undefined) picked.current?.(key);
    });
    const watch = new ResizeObserver(() => drawn.resize());
    watch.observe(element);
    return () => {
      watch.disconnect();
      drawn.dispose();
      chart.current = null;
    };
  }, []);

  useEffect(() => {
    if (!place.current) return;
    const style = getComputedStyle(place.current);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const palette = {
      ink: colour('--ink'),
      faint: colour('--faint'),
      ground: colour('--card'),
      accent: colour('--accent'),
      calm: colour('--calm'),
    };
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
    chart.current?.setOption(
      { animation: !still, animationDuration: 300, textStyle: { fontFamily: style.fontFamily }, ...draw(palette) },
      { notMerge: true },
    );
  }, [draw, dark]);

  return <div ref={place} role="img" aria-label={label} className="chart" style={{ height }} />;
}

const DARK = matchMedia('(prefers-color-scheme: dark)');

function useDark(): boolean {
  return useSyncExternalStore(
    (listener) => {
      DARK.addEventListener('change', listener);
      return () => DARK.removeEventListener('change', listener);
    },
    () => DARK.matches,
  );
}
