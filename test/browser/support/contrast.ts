import type { Page } from 'playwright-core';

/**
 * Texts of the page whose contrast with what is painted behind them is below 4.5:1 (WCAG 2.2, 1.4.3), with the ratio.
 * A background image is not seen; texts over one need a plain ground of their own.
 */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const linear = (c: number): number => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const luminance = (colour: string): number => {
      const [r = 0, g = 0, b = 0] = channels(colour).map((c) => linear(c / 255));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const groundOf = (element: Element): string => {
      for (let e: Element | null = element; e !== null; e = e.parentElement) {
        const colour = getComputedStyle(e).backgroundColor;
        if ((channels(colour)[3] ?? 1) > 0.99) return colour;
      }
      return 'rgb(255, 255, 255)';
    };
    const ratioOf = (element: Element): number => {
      const [a, b] = [luminance(getComputedStyle(element).color), luminance(groundOf(element))];
      return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    };
    const isRead = (element: Element): boolean => {
      const hasText = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent!.trim() !== '');
      return (
        hasText &&
        (element as HTMLElement).offsetParent !== null &&
        !['SCRIPT', 'STYLE'].includes(element.tagName)
      );
    };
    return [...document.body.querySelectorAll('*')]
      .filter((element) => isRead(element) && ratioOf(element) < 4.5)
      .map(
        (element) =>
          `${element.className || element.tagName}: "${element.textContent}" ${ratioOf(element).toFixed(2)}`,
      );
  });
}
