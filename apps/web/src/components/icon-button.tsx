import type { ComponentProps } from 'react';
import { Icon } from './icon.js';

interface IconButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  readonly icon: ComponentProps<typeof Icon>['name'];
  /** What it does, in words. */
  readonly label: string;
}

/** A button that shows an icon and says its label to those who do not see it. */
export function IconButton({ icon, label, className = '', ...rest }: IconButtonProps) {
  return (
    <button type="button" className={`icon-button ${className}`} aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}
