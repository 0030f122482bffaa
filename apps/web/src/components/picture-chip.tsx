import { useObjectUrl } from '../pictures/use-object-url.js';
import { IconButton } from './icon-button.js';

interface PictureChipProps {
  readonly picture: File;
  readonly onRemove: () => void;
}

/** The picture that goes with the next message. */
export function PictureChip({ picture, onRemove }: PictureChipProps) {
  const url = useObjectUrl(picture);
  return (
    <div className="picture-chip">
      {url && <img src={url} alt="" />}
      <span>{picture.name}</span>
      <IconButton icon="close" label="Remove the picture" onClick={onRemove} />
    </div>
  );
}
