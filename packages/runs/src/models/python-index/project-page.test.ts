import { expect, test } from 'vitest';
import { readProjectPage } from './project-page.js';
import { licenceOf, recordedHashes } from './wheel-metadata.js';
import { isSameVersion, readWheelName } from './wheel-name.js';

const URL = 'https://index.example/simple/tiny/';
const sha = 'ab'.repeat(32);

test('links of an HTML page, wherever they lead and however they are written', () => {
  const page = `<!-- <a href="commented.whl">no</a> --><html><head><meta name="pypi:repository-version" content="1.1"></head>
    <a href="../../f/a-1.0-py3-none-any.whl#sha256=${sha.toUpperCase()}" data-requires-python="&gt;=3.8">a</a>
    <A HREF='https://cdn.example/b%2B1.whl#md5=00' data-yanked>b</A><a href=c.whl>c</a><a name="x">no link</a>`;
  expect(readProjectPage(page, 'text/html; charset=utf-8', URL)).toEqual([
    {
      filename: 'a-1.0-py3-none-any.whl',
      url: 'https://index.example/f/a-1.0-py3-none-any.whl',
      hash: { algorithm: 'sha256', value: sha },
    },
    {
      filename: 'b+1.whl',
      url: 'https://cdn.example/b%2B1.whl',
      hash: { algorithm: 'md5', value: '00' },
      yanked: '',
    },
    { filename: 'c.whl', url: 'https://index.example/simple/tiny/c.whl' },
  ]);
  expect(readProjectPage('<base href="/other/"><a href="d.whl">d</a>', 'text/html', URL)[0]!.url).toBe(
    'https://index.example/other/d.whl',
  );
});

test('files of a JSON page, by their strongest hash', () => {
  const files = [
    { filename: 'a.whl', url: 'a.whl', hashes: { md5: '11', sha256: sha }, size: 7, yanked: false },
    { filename: 'b.whl', url: '/b.whl', hashes: {}, yanked: 'bad' },
  ];
  const page = JSON.stringify({ meta: { 'api-version': '1.4' }, files });
  expect(readProjectPage(page, 'application/vnd.pypi.simple.v1+json', URL)).toEqual([
    { filename: 'a.whl', url: `${URL}a.whl`, hash: { algorithm: 'sha256', value: sha }, bytes: 7 },
    { filename: 'b.whl', url: 'https://index.example/b.whl', yanked: 'bad' },
  ]);
});

test('later versions of the format, and other things, are refused', () => {
  const html = '<meta name="pypi:repository-version" content="2.0">';
  expect(() => readProjectPage(html, 'text/html', URL)).toThrow(/version 2.0/);
  expect(() => readProjectPage('{"meta":{"api-version":"2.0"},"files":[]}', 'application/json', URL)).toThrow(
    /2.0/,
  );
  expect(() => readProjectPage('{', 'application/json', URL)).toThrow(/is no JSON/);
  expect(() => readProjectPage('{}', 'application/json', URL)).toThrow(/lists no files/);
});

test.each([
  ['1.0', '1.0.0', true],
  ['v1.0', '1', true],
  ['1.0a1', '1.0-alpha.1', true],
  ['1.0rc1', '1.0c1', true],
  ['1.0rc1', '1.0pre1', true],
  ['1.0.post2', '1.0-2', true],
  ['1.0.post2', '1.0.r2', true],
  ['1.0.dev0', '1.0dev', true],
  ['1.0+local.1', '1.0+local-1', true],
  ['1.0', '1.0.1', false],
  ['1.0', '1.0a1', false],
  ['1.0a1', '1.0b1', false],
  ['1.10', '1.1', false],
  ['0.1.2', '0.1.20', false],
])('version %s is %s: %s', (one, other, same) => {
  expect(isSameVersion(one, other)).toBe(same);
});

test('names of wheels', () => {
  expect(readWheelName('Tiny_Model-1.0-1build-py3-none-any.whl')).toEqual({
    project: 'tiny-model',
    version: '1.0',
    isUniversal: true,
  });
  expect(readWheelName('a-1-cp312-cp312-manylinux_2_17_x86_64.whl')).toMatchObject({ isUniversal: false });
  expect(readWheelName('a-1.tar.gz')).toBeUndefined();
});

test('licences and hashes of a wheel', () => {
  expect(licenceOf('Name: a\nLicense-Expression: MIT\nLicense: long\n\nLicense: text')).toBe('MIT');
  const classified = 'License: UNKNOWN\nClassifier: License :: OSI Approved :: Apache Software License\n';
  expect(licenceOf(classified)).toBe('Apache Software License');
  expect(licenceOf('Name: a\n\nLicense: MIT')).toBeNull();
  const hash = Buffer.from(sha, 'hex').toString('base64url');
  expect([...recordedHashes(`a/b.gguf,sha256=${hash},7\n"a,""b""",sha256=${hash},1\nRECORD,,\n`)]).toEqual([
    ['a/b.gguf', sha],
    ['a,"b"', sha],
  ]);
});
