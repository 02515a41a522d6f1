import { useEffect, useRef, useState } from 'react';
import type { Session } from '../session/session';
import type { Gateway } from './ask';
import {
  EXPORT,
  EXPORT_STATISTICS,
  type ExportAnswer,
  type ExportJob,
  type ExportStatisticsAnswer,
} from './documents';
import type { DashboardTexts } from './texts';

interface ExportButtonProps {
  readonly gateway: Gateway;
  readonly session: Session;
  readonly region: string;
  readonly since: string;
  readonly until: string;
  readonly texts: DashboardTexts;
}

const PAUSE_MS = 700;
const FORMATS = ['XLSX', 'CSV'] as const;
type Format = (typeof FORMATS)[number];

type State =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly progress: number }
  | { readonly kind: 'failed'; readonly message: string };

/** Takes the figures out as a file: asks for it, waits for it, and hands it to the browser. */
export function ExportButton({ gateway, session, region, since, until, texts }: ExportButtonProps) {
  const [format, setFormat] = useState<Format>('XLSX');
  const [state, setState] = useState<State>({ kind: 'idle' });
  const stop = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    stop.current = controller;
    return () => controller.abort();
  }, []);

  async function take() {
    const { signal } = stop.current;
    setState({ kind: 'running', progress: 0 });
    try {
      const input = {
        regionCode: region,
        since,
        until,
        format,
        idempotencyKey: crypto.getRandomValues(new Uint32Array(4)).join('-'),
      };
      const { exportStatistics } = await gateway.ask<ExportStatisticsAnswer>(
        EXPORT_STATISTICS,
        { input },
        signal,
      );
      const refusal = exportStatistics.userErrors.map(({ message }) => message).join(' ');
      if (!exportStatistics.export) throw new Error(refusal);
      const done = await finished(exportStatistics.export, signal);
      await save(done);
      setState({ kind: 'idle' });
    } catch (error) {
      if (!signal.aborted) setState({ kind: 'failed', message: (error as Error).message });
    }
  }

  async function finished(first: ExportJob, signal: AbortSignal): Promise<ExportJob> {
    let job = first;
    while (job.state !== 'DONE') {
      if (job.state === 'FAILED') throw new Error(job.failure ?? texts.failed);
      setState({ kind: 'running', progress: job.progress });
      await pause(signal);
      const answer = await gateway.ask<ExportAnswer>(EXPORT, { id: job.id }, signal);
      if (!answer.export) throw new Error(texts.failed);
      job = answer.export;
    }
    return job;
  }

  async function save({ url, fileName }: ExportJob) {
    const response = await session.fetch(url ?? '');
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await response.blob());
    link.download = fileName ?? 'export';
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  }

  return (
    <div className="export">
      <select
        aria-label={texts.format}
        value={format}
        onChange={(event) => setFormat(event.target.value as Format)}
      >
        {FORMATS.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      <button type="button" disabled={state.kind === 'running'} onClick={() => void take()}>
        {texts.exported}
      </button>
      <span role="status">
        {state.kind === 'running' && texts.exporting(state.progress)}
        {state.kind === 'failed' && <span className="refusal">{state.message}</span>}
      </span>
    </div>
  );
}

function pause(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, PAUSE_MS);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    });
  });
}
