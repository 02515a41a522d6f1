import { useCallback, useMemo, useState } from 'react';
import type { Language } from '../texts';
import { METRICS, type Metric } from './address';
import { Chart, type Option, type Palette } from './Chart';
import { shortly, shown, written, type Child } from './figures';
import { Sparkline } from './Sparkline';
import type { DashboardTexts } from './texts';

interface ChildrenProps {
  readonly children: readonly Child[];
  readonly metric: Metric;
  readonly asMap: boolean;
  readonly onOpen: (code: string) => void;
  readonly texts: DashboardTexts;
  readonly language: Language;
}

/** The regions below, to compare and to open: a table that sorts, or tiles by size. */
export function Children({ children, asMap, ...rest }: ChildrenProps) {
  if (children.length === 0) return <p className="awaited">{rest.texts.noChildren}</p>;
  return asMap ? <Tiles {...rest} found={children} /> : <Table {...rest} found={children} />;
}

type PartProps = Omit<ChildrenProps, 'children' | 'asMap'> & { readonly found: readonly Child[] };

type Order = { readonly by: Metric | 'name'; readonly down: boolean };

function Table({ found, metric, onOpen, texts, language }: PartProps) {
  const [order, setOrder] = useState<Order | null>(null);
  const sorted = useMemo(() => inOrder(found, order ?? { by: metric, down: true }, language), [
    found,
    order,
    metric,
    language,
  ]);
  const { by, down } = order ?? { by: metric, down: true };

  function head(column: Metric | 'name', title: string) {
    return (
      <th key={column} scope="col" aria-sort={by === column ? (down ? 'descending' : 'ascending') : 'none'}>
        <button
          type="button"
          title={texts.sortBy(title)}
          onClick={() => setOrder({ by: column, down: by === column ? !down : column !== 'name' })}
        >
          {title} <span aria-hidden="true">{by === column ? (down ? '▾' : '▴') : ''}</span>
        </button>
      </th>
    );
  }

  return (
    <div className="scroll" tabIndex={0} role="group" aria-label={texts.children}>
      <table className="regions">
        <thead>
          <tr>
            {head('name', texts.region)}
            <th scope="col">{texts.course}</th>
            {METRICS.map((each) => head(each, texts.metrics[each]))}
          </tr>
        </thead>
        <tbody>
          {sorted.map(({ region, figures, course }) => (
            <tr key={region.code}>
              <th scope="row">
                <button type="button" className="link" onClick={() => onOpen(region.code)}>
                  {region.name}
                </button>
              </th>
              <td>
                <Sparkline course={course} />
              </td>
              {METRICS.map((each) => (
                <td key={each} className={each === metric ? 'chosen' : undefined}>
                  {written(each, figures[each], language)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inOrder(found: readonly Child[], { by, down }: Order, language: Language): Child[] {
  const names = new Intl.Collator(language);
  const sorted = [...found].sort((a, b) =>
    by === 'name'
      ? names.compare(a.region.name, b.region.name)
      : a.figures[by] - b.figures[by] || names.compare(a.region.name, b.region.name),
  );
  return down ? sorted.reverse() : sorted;
}

function Tiles({ found, metric, onOpen, texts, language }: PartProps) {
  const name = texts.metrics[metric];
  const draw = useCallback(
    (palette: Palette): Option => ({
      tooltip: {
        backgroundColor: palette.ground,
        borderColor: palette.faint,
        textStyle: { color: palette.ink },
        valueFormatter: (value) => shortly(Number(value), language),
      },
      series: [
        {
          type: 'treemap',
          name,
          data: found.map(({ region, figures }) => ({
            key: region.code,
            name: region.name,
            value: shown(metric, figures[metric]),
          })),
          left: 0,
          right: 0,
          top: 0,
          bottom: 0,
          roam: false,
          nodeClick: false,
          breadcrumb: { show: false },
          label: { color: '#fff', overflow: 'truncate' },
          itemStyle: { borderColor: palette.ground, gapWidth: 1 },
          levels: [{ colorMappingBy: 'value', color: [palette.calm, palette.accent] }],
        },
      ],
    }),
    [found, metric, name, language],
  );

  const largest = useMemo(() => inOrder(found, { by: metric, down: true }, language), [
    found,
    metric,
    language,
  ]);

  return (
    <>
      <Chart label={`${texts.children}: ${name}`} height={380} draw={draw} onPick={onOpen} />
      <details className="figures">
        <summary>{texts.asFigures}</summary>
        <table>
          <tbody>
            {largest.map(({ region, figures }) => (
              <tr key={region.code}>
                <th scope="row">
                  <button type="button" className="link" onClick={() => onOpen(region.code)}>
                    {region.name}
                  </button>
                </th>
                <td>{written(metric, figures[metric], language)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </>
  );
}
