import type { Language, Texts } from './texts';

interface LanguageButtonProps {
  readonly language: Language;
  readonly texts: Texts;
  readonly onLanguage: (language: Language) => void;
}

/** The switch to the other language, written in that language. */
export function LanguageButton({ language, texts, onLanguage }: LanguageButtonProps) {
  const other = language === 'en' ? 'zh-CN' : 'en';

  return (
    <button type="button" lang={other} onClick={() => onLanguage(other)}>
      {texts.otherLanguage}
    </button>
  );
}
