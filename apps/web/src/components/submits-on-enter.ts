import type { KeyboardEvent } from 'react';

/** Enter submits a text, Shift and Enter begin a line; the Enter that ends a composed character does neither. */
export function submitsOnEnter(event: KeyboardEvent, submit: () => void): void {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
  event.preventDefault();
  submit();
}
