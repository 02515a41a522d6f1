import { useCallback } from 'react';
import type { Language } from '../texts';
import type { Metric } from './address';
import { Chart, type Palette, type Option } from './Chart';
import { monthName, shortly, shown, written, type Month } from './figures';
import type { DashboardTexts } from './texts';

interface TrendProps {
  readonly months: readonly Month[];
  readonly metric: Metric;
  readonly texts: DashboardTexts;
  readonly language: Language;
}

/** What each month of the period brought, as bars and as a table. */
export function Trend({ months, metric, texts, language }: TrendProps) {
  const name = texts.metrics[metric];
  const draw = useCallback(
    (palette: Palette): Option => ({
      grid: { left: 8, right: 8, top: 16, bottom: 4, outerBoundsMode: 'same' },
      tooltip: {
        trigger: 'axis',
        backgroundColor: palette.ground,
        borderColor: palette.faint,
        textStyle: { color: palette.ink },
        valueFormatter: (value) => shortly(Number(value), language),
      },
      xAxis: {
        type: 'category',
        data: months.map(({ month }) => monthName(month, language)),
        axisLabel: { color: palette.ink, hideOverlap: true },
        axisLine: { lineStyle: { color: palette.faint } },
        axisTick: { show: false },
      },
      yAxis: {
        type: 'value',
        minInterval: 1,
        axisLabel: { color: palette.ink, formatter: (value: number) => shortly(value, language) },
        splitLine: { lineStyle: { color: palette.faint } },
      },
      series: [
        {
          type: 'bar',
          name,
          data: months.map(({ figures }) => shown(metric, figures[metric])),
          itemStyle: { color: palette.accent, borderRadius: [3, 3, 0, 0] },
          barMaxWidth: 36,
        },
      ],
    }),
    [months, metric, name, language],
  );

  return (
    <>
      <Chart label={`${texts.trend}: ${name}`} height={240} draw={draw} />
      <details className="figures">
        <summary>{texts.asFigures}</summary>
        <div className="scroll" tabIndex={0} role="group" aria-label={`${texts.trend}: ${name}`}>
          <table>
            <tbody>
              {months.map(({ month, figures }) => (
                <tr key={month}>
                  <th scope="row">{monthName(month, language)}</th>
                  <td>{written(metric, figures[metric], language)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </details>
    </>
  );
}
