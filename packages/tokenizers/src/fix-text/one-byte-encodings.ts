/**
 * A one-byte encoding that text is mistakenly read in. Bytes are held as strings of U+0000 to U+00FF, so that
 * expressions can search them.
 */
export interface OneByteEncoding {
  readonly name: string;
  /** U+FFFD stands for a byte that was lost, written as 0x1A. */
  readonly sloppy: boolean;
  /** Byte by character, from 0x80 on. */
  readonly byteOf: ReadonlyMap<string, string>;
}

const SUBSTITUTE = '\u001a';

function oneByteEncoding(name: string, sloppy: boolean, characters: string): OneByteEncoding {
  const pairs = Array.from(characters, (character, index): [string, string] => [
    character,
    String.fromCharCode(0x80 + index),
  ]);
  if (sloppy) pairs.push(['\ufffd', SUBSTITUTE]);
  return { name, sloppy, byteOf: new Map(pairs) };
}

/** The text's bytes, or undefined where the encoding lacks a character. */
export function encodeOneByte(text: string, { sloppy, byteOf }: OneByteEncoding): string | undefined {
  let bytes = '';
  for (const character of text) {
    const isAscii = character < '\u0080' && !(sloppy && character === SUBSTITUTE);
    const byte = isAscii ? character : byteOf.get(character);
    if (byte === undefined) return undefined;
    bytes += byte;
  }
  return bytes;
}

const LATIN_1 = String.fromCharCode(...Array.from({ length: 128 }, (_, index) => 0x80 + index));

/**
 * What bytes 0x80 to 0xFF stand for in the one-byte encodings that UTF-8 is mistaken for, in the order in which
 * they are tried; positions that an encoding leaves open stand for the C1 control of their number ("sloppy").
 */
export const ONE_BYTE_ENCODINGS: readonly OneByteEncoding[] = [
  oneByteEncoding('latin-1', false, LATIN_1),
  oneByteEncoding(
    'windows-1252',
    true,
    '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖ×ØÙÚÛÜÝÞßàáâãäåæçèéêëìíîïðñòóôõö÷øùúûüýþÿ',
  ),
  oneByteEncoding(
    'windows-1251',
    true,
    'ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u0098™љ›њќћџ\u00a0ЎўЈ¤Ґ¦§Ё©Є«¬\u00ad®Ї°±Ііґµ¶·ё№є»јЅѕїАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯабвгдежзийклмнопрстуфхцчшщъыьэюя',
  ),
  oneByteEncoding(
    'windows-1250',
    true,
    '€\u0081‚\u0083„…†‡\u0088‰Š‹ŚŤŽŹ\u0090‘’“”•–—\u0098™š›śťžź\u00a0ˇ˘Ł¤Ą¦§¨©Ş«¬\u00ad®Ż°±˛ł´µ¶·¸ąş»Ľ˝ľżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙',
  ),
  oneByteEncoding(
    'windows-1253',
    true,
    '€\u0081‚ƒ„…†‡\u0088‰\u008a‹\u008c\u008d\u008e\u008f\u0090‘’“”•–—\u0098™\u009a›\u009c\u009d\u009e\u009f\u00a0΅Ά£¤¥¦§¨©ª«¬\u00ad®―°±²³΄µ¶·ΈΉΊ»Ό½ΎΏΐΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡÒΣΤΥΦΧΨΩΪΫάέήίΰαβγδεζηθικλμνξοπρςστυφχψωϊϋόύώÿ',
  ),
  oneByteEncoding(
    'windows-1254',
    true,
    '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008d\u008e\u008f\u0090‘’“”•–—˜™š›œ\u009d\u009eŸ\u00a0¡¢£¤¥¦§¨©ª«¬\u00ad®¯°±²³´µ¶·¸¹º»¼½¾¿ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏĞÑÒÓÔÕÖ×ØÙÚÛÜİŞßàáâãäåæçèéêëìíîïğñòóôõö÷øùúûüışÿ',
  ),
  oneByteEncoding(
    'windows-1257',
    true,
    '€\u0081‚\u0083„…†‡\u0088‰\u008a‹\u008c¨ˇ¸\u0090‘’“”•–—\u0098™\u009a›\u009c¯˛\u009f\u00a0¡¢£¤¥¦§Ø©Ŗ«¬\u00ad®Æ°±²³´µ¶·ø¹ŗ»¼½¾æĄĮĀĆÄÅĘĒČÉŹĖĢĶĪĻŠŃŅÓŌÕÖ×ŲŁŚŪÜŻŽßąįāćäåęēčéźėģķīļšńņóōõö÷ųłśūüżž˙',
  ),
  oneByteEncoding(
    'iso-8859-2',
    false,
    '\u0080\u0081\u0082\u0083\u0084\u0085\u0086\u0087\u0088\u0089\u008a\u008b\u008c\u008d\u008e\u008f\u0090\u0091\u0092\u0093\u0094\u0095\u0096\u0097\u0098\u0099\u009a\u009b\u009c\u009d\u009e\u009f\u00a0Ą˘Ł¤ĽŚ§¨ŠŞŤŹ\u00adŽŻ°ą˛ł´ľśˇ¸šşťź˝žżŔÁÂĂÄĹĆÇČÉĘËĚÍÎĎĐŃŇÓÔŐÖ×ŘŮÚŰÜÝŢßŕáâăäĺćçčéęëěíîďđńňóôőö÷řůúűüýţ˙',
  ),
  oneByteEncoding(
    'macroman',
    false,
    'ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø¿¡¬√ƒ≈∆«»…\u00a0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›ﬁﬂ‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uf8ffÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ',
  ),
  oneByteEncoding(
    'cp437',
    false,
    'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0',
  ),
];

/** C1 controls as the Windows-1252 characters in their places, where it has one; as web browsers read them. */
export const WINDOWS_1252_BY_BYTE: ReadonlyMap<string, string> = new Map(
  Array.from(ONE_BYTE_ENCODINGS[1]!.byteOf, ([character, byte]) => [byte, character]),
);
