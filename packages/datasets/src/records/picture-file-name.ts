/** The name of a picture's file without its folders. @param picture a path with `/`, as files of rows write it */
export function pictureFileName(picture: string): string {
  return picture.slice(picture.lastIndexOf('/') + 1);
}
