import { useRef } from 'react';
import { PICTURE_TYPES, pictureIn } from '../pictures/picture-file.js';
import { IconButton } from './icon-button.js';

/** Chooses a picture from a file dialog. */
export function PictureButton({ onPicture }: { readonly onPicture: (picture: File | undefined) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <IconButton icon="picture" label="Add a picture" onClick={() => input.current?.click()} />
      <input
        ref={input}
        type="file"
        hidden
        accept={PICTURE_TYPES}
        onChange={({ target }) => {
          if (target.files?.length) onPicture(pictureIn(target.files));
          target.value = ''; // the same file may be chosen again
        }}
      />
    </>
  );
}
