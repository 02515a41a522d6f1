import type { Place } from './figures';
import type { DashboardTexts } from './texts';

interface BreadcrumbProps {
  /** From the outermost region that the viewer may see to the one that is shown. */
  readonly places: readonly Place[];
  readonly onOpen: (code: string) => void;
  readonly texts: DashboardTexts;
}

/** The way to the region that is shown, each step of it a way back. */
export function Breadcrumb({ places, onOpen, texts }: BreadcrumbProps) {
  return (
    <nav aria-label={texts.where} className="breadcrumb">
      <ol>
        {places.map(({ code, name }, index) => (
          <li key={code}>
            {index === places.length - 1 ? (
              <span aria-current="page">{name}</span>
            ) : (
              <button type="button" className="link" onClick={() => onOpen(code)}>
                {name}
              </button>
            )}
          </li>
        ))}
      </ol>
    </nav>
  );
}
