// The small dialog that asks for a click so that sound may start. It shows and hides; what a click does is told to it.

const WORDS = {
  en: { text: 'The browser holds the sound back until you click.', button: 'Play' },
  zh: { text: '浏览器需要您点击后才能播放声音。', button: '播放' },
} as const;

export class AutoplayDialog {
  #element: HTMLElement | null = null;
  readonly #clicked: () => void;

  constructor(clicked: () => void) {
    this.#clicked = clicked;
  }

  show(): void {
    if (this.#element || typeof document === 'undefined' || !document.body) return;
    const words = /^zh/i.test(navigator.language) ? WORDS.zh : WORDS.en;
    const box = document.createElement('div');
    box.className = 'trtc-autoplay-dialog';
    box.setAttribute('role', 'alertdialog');
    box.setAttribute('aria-label', words.text);
    const text = document.createElement('span');
    text.textContent = words.text;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = words.button;
    button.addEventListener('click', this.#clicked);
    // Styles on the elements: a style sheet of the page could be forbidden by its content policy.
    Object.assign(box.style, BOX);
    Object.assign(button.style, BUTTON);
    box.append(text, button);
    document.body.append(box);
    this.#element = box;
  }

  hide(): void {
    this.#element?.remove();
    this.#element = null;
  }
}

const BOX = {
  position: 'fixed',
  left: '50%',
  top: '24px',
  transform: 'translateX(-50%)',
  zIndex: '1500',
  display: 'flex',
  alignItems: 'center',
  gap: '16px',
  maxWidth: 'calc(100vw - 32px)',
  boxSizing: 'border-box',
  padding: '12px 12px 12px 20px',
  borderRadius: '12px',
  background: '#1b1d22',
  color: '#fff',
  font: '15px/1.4 system-ui, sans-serif',
  boxShadow: '0 8px 32px rgba(0, 0, 0, 0.3)',
};

const BUTTON = {
  flex: 'none',
  minHeight: '36px',
  padding: '0 20px',
  border: '0',
  borderRadius: '8px',
  background: '#2f6fed',
  color: '#fff',
  font: 'inherit',
  fontWeight: '600',
  cursor: 'pointer',
};
