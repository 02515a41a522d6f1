import { useCallback, useMemo } from 'react';
import type { Language } from '../texts';
import type { Metric } from './address';
import { Chart, type Option, type Palette } from './Chart';
import { DIMENSIONS, DIMENSION_NAMES, valueName, type Dimension } from './dimensions';
import type { BreakdownAnswer } from './documents';
import { shortly, shown, written } from './figures';
import type { DashboardTexts } from './texts';

interface BreakdownProps {
  readonly metric: Metric;
  readonly dimension: Dimension;
  readonly onDimension: (dimension: Dimension) => void;
  readonly answer: BreakdownAnswer['breakdown'];
  readonly categories: ReadonlyMap<string, string>;
  readonly texts: DashboardTexts;
  readonly language: Language;
}

const MOST_BARS = 12;
const BAR_HEIGHT = 26;

/** A figure by the values of one dimension, as bars and as a table. */
export function Breakdown(props: BreakdownProps) {
  const { metric, dimension, onDimension, answer, categories, texts, language } = props;
  const names = DIMENSION_NAMES[language];
  const cells = useMemo(
    () =>
      (answer?.cells ?? []).map(({ value, figure }) => ({
        name: valueName(dimension, value, categories, language),
        figure,
      })),
    [answer, dimension, categories, language],
  );
  const drawn = cells.slice(0, MOST_BARS);
  const draw = useCallback(
    (palette: Palette): Option => ({
      grid: { left: 4, right: 56, top: 4, bottom: 4, outerBoundsMode: 'same' },
      xAxis: { type: 'value', show: false },
      yAxis: {
        type: 'category',
        inverse: true,
        data: drawn.map(({ name }) => name),
        axisLabel: { color: palette.ink, width: 110, overflow: 'truncate' },
        axisLine: { show: false },
        axisTick: { show: false },
      },
      series: [
        {
          type: 'bar',
          data: drawn.map(({ figure }) => shown(metric, figure)),
          itemStyle: { color: palette.calm, borderRadius: [0, 3, 3, 0] },
          barMaxWidth: 16,
          label: {
            show: true,
            position: 'right',
            color: palette.ink,
            formatter: ({ value }) => shortly(Number(value), language),
          },
        },
      ],
    }),
    [drawn, metric, language],
  );
  const label = `${texts.metrics[metric]} · ${names[dimension]}`;

  return (
    <>
      <label className="dimension">
        <span className="unseen">{texts.breakdown}</span>
        <select
          value={dimension}
          onChange={(event) => onDimension(event.target.value as Dimension)}
        >
          {DIMENSIONS[metric].map((each) => (
            <option key={each} value={each}>
              {names[each]}
            </option>
          ))}
        </select>
      </label>
      {cells.length === 0 ? (
        <p className="awaited">{texts.none}</p>
      ) : (
        <>
          <Chart label={label} height={drawn.length * BAR_HEIGHT + 16} draw={draw} />
          {answer?.isMultiValued && <p className="hint">{texts.multiValued}</p>}
          <details className="figures">
            <summary>{texts.asFigures}</summary>
            <table>
              <tbody>
                {cells.map(({ name, figure }) => (
                  <tr key={name}>
                    <th scope="row">{name}</th>
                    <td>{written(metric, figure, language)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </details>
        </>
      )}
    </>
  );
}
