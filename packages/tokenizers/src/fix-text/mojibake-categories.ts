/**
 * The some 400 characters that occur in mojibake, by how they are otherwise used, as contents of character classes.
 * After ftfy 6.3.1, ftfy/badness.py (Robyn Speer, Apache-2.0).
 */
export const CATEGORIES = {
  /** Appear in many contexts; sequences of them are not mojibake by themselves. */
  common: '\u00a0\u00ad·´–—―…’',
  /** C1 control characters, which have no use outside mojibake. */
  c1: '\u0080-\u009f',
  /** Used in mojibake almost only. */
  bad: '¦¤¨¬¯¸ƒˆˇ˘˛˜†‡‰⌐◊\ufffdªº',
  /** Used in legal texts. */
  law: '¶§',
  currency: '¢£¥₧€',
  startPunctuation: '¡«¿©΄΅‘‚“„•‹\uf8ff',
  endPunctuation: '®»˝”›™',
  numeric: '²³¹±¼½¾×µ÷⁄∂∆∏∑√∞∩∫≈≠≡≤≥№',
  /** Letters that make faces, so that they stand in improbable places. */
  kaomoji: 'Ò-ÖÙ-Üò-öø-üŐŌŪŲ°',
  upperAccented: 'À-ÑØÜÝĂĀĄĆČĎĐĘĚĒĖĞĢİĪĶĹĽŁĻŃŇŅŒŘŚŞŠŢŤŮŰŸŹŻŽҐ',
  lowerAccented: 'ßà-ñăąāćčďđęěēėğģįīķĺľłļœŕśşšťüźżžґﬁﬂ',
  /** Capital letters of other alphabets, at ends of words as often as not. */
  upperCommon: 'ÞΑ-ΩΆΈΉΊΌΎΏΪΫЁ-Я',
  lowerCommon: 'α-ωάέήίΰа-џ',
  box: '│┌┐┘├┤┬┼═-╬▀▄█▌▐░▒▓',
} as const;
