import { type RefObject, useEffect, useRef } from 'react';

/** How near to the end counts as being there, in pixels. */
const NEAR = 80;

/**
 * Keeps the end of what grows in view, unless somebody has scrolled away from it.
 * @param text that grows
 * @param count of messages; a new one is always shown
 */
export function useFollowing(text: string, count: number): RefObject<HTMLDivElement | null> {
  const scroller = useRef<HTMLDivElement>(null);
  const isNear = useRef(true);

  useEffect(() => {
    const element = scroller.current!;
    const scrolled = () => {
      isNear.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    };
    element.addEventListener('scroll', scrolled, { passive: true });
    return () => element.removeEventListener('scroll', scrolled);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new message, not what it reads, is the occasion
  useEffect(() => {
    isNear.current = true;
  }, [count]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    if (isNear.current) scroller.current!.scrollTop = scroller.current!.scrollHeight;
  }, [text, count]);

  return scroller;
}
