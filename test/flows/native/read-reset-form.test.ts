import { describe, expect, it, test } from 'vitest';
import { readResetForm, wordsOf } from '../../../src/flows/native/read-reset-form.ts';

const BOX = '<input type="password" name="p">';

describe('the form that asks for a new password', () => {
  test.each<[title: string, html: string, action: string | undefined, fields: string]>([
    [
      'is found where Stimulus and Turbo write > into attributes',
      `<form data-action="submit->a#b" action="/users/password"><input type="hidden" data-action="change->x#y" name="t" value="tok">${BOX}</form>`,
      '/users/password',
      't=tok&p=PW',
    ],
    [
      'is not one in a comment',
      `<!-- <form action="/old">${BOX}${BOX}</form> --><form action="/new">${BOX}</form>`,
      '/new',
      'p=PW',
    ],
    [
      'is not one in a template or a script',
      `<template><form action="/old">${BOX}${BOX}</form></template><script>"<form action='/js'>${BOX}${BOX}</form>"</script><form action="/new">${BOX}</form>`,
      '/new',
      'p=PW',
    ],
    [
      'is not one in a text box',
      `<textarea><form action="/old">${BOX}${BOX}</form></textarea><form action="/new">${BOX}</form>`,
      '/new',
      'p=PW',
    ],
    [
      'is one in noscript, for whoever has no JavaScript',
      `<noscript><form action="/plain">${BOX}</form></noscript>`,
      '/plain',
      'p=PW',
    ],
    [
      'has more passwords than the one to sign in',
      `<form action="/login">${BOX}</form><form action="/reset">${BOX}<input type=PASSWORD name=p2></form>`,
      '/reset',
      'p=PW&p2=PW',
    ],
    [
      'does not count a box that is switched off',
      `<form action="/a"><input type=password name=x disabled><input type=password name=y disabled></form><form action="/b">${BOX}</form>`,
      '/b',
      'p=PW',
    ],
    [
      'owns what names it by form=',
      `<form id="f" action="/r">${BOX}</form><input form="f" type="hidden" name="late" value="1"><input name="alone" value="2">`,
      '/r',
      'p=PW&late=1',
    ],
    [
      'does not own what names another form',
      `<form id="a" action="/a">${BOX}<input form="b" name="x" value="1"></form><form id="b" action="/b"></form>`,
      '/a',
      'p=PW',
    ],
    [
      'does not own what names a form that is not there',
      `<form action="/a">${BOX}<input form="none" name="x" value="1"></form>`,
      '/a',
      'p=PW',
    ],
    [
      'owns the cells of a table around it',
      `<table><form action="/t"><tr><td><input type="hidden" name="h" value="1"></td><td>${BOX}</td></tr></form></table>`,
      '/t',
      'h=1&p=PW',
    ],
    [
      'has quotes of every kind',
      `<form action='/a?x="1"&amp;y=2'><input name=bare value=v><input type=password name='p'></form>`,
      '/a?x="1"&y=2',
      'bare=v&p=PW',
    ],
    ['goes to the page itself without an action', `<form>${BOX}</form>`, undefined, 'p=PW'],
    ['goes to the page itself with an empty action', `<form action=" ">${BOX}</form>`, undefined, 'p=PW'],
    [
      'goes where its button says',
      `<form action="/a">${BOX}<button formaction="/b">Save</button></form>`,
      '/b',
      'p=PW',
    ],
    [
      'sends a select, with what is chosen in it',
      `<form action="/a"><select name="s"><option value="1">One<option value="2" selected>Two</select>${BOX}</form>`,
      '/a',
      's=2&p=PW',
    ],
    [
      'sends the first choice where none is chosen',
      `<form action="/a"><select name="s"><option disabled>Choose<optgroup disabled><option>no</optgroup><option> Of  text </option></select>${BOX}</form>`,
      '/a',
      's=Of+text&p=PW',
    ],
    [
      'sends every choice of many, and none where none is made',
      `<form action="/a"><select name="m" multiple><option selected>1<option>2<option selected>3</select><select name="n" multiple><option>1</select>${BOX}</form>`,
      '/a',
      'm=1&m=3&p=PW',
    ],
    [
      'sends boxes that are ticked, and of those of one name both',
      `<form action="/a"><input type="hidden" name="r" value="0"><input type="checkbox" name="r" value="1" checked><input type="checkbox" name="q"><input type="radio" name="o" checked>${BOX}</form>`,
      '/a',
      'r=0&r=1&o=on&p=PW',
    ],
    [
      'is not misled by an attribute that only sounds like another',
      `<form data-action="/x" action="/a"><input data-name="n" data-type="password" name="v" data-value="1" value="2"><input type="checkbox" name="c" data-checked="1">${BOX}</form>`,
      '/a',
      'v=2&p=PW',
    ],
    [
      'sends a text area',
      `<form action="/a"><textarea name="t">\none\ntwo</textarea>${BOX}</form>`,
      '/a',
      't=one%0D%0Atwo&p=PW',
    ],
    [
      'sends the button that Enter presses, and no other',
      `<form action="/a">${BOX}<button type="button" name="show">Show</button><input type="reset" name="r"><button name="op" value="save">Save</button><button name="op" value="cancel">Cancel</button></form>`,
      '/a',
      'p=PW&op=save',
    ],
    [
      'leaves out what is switched off, also by a field set around it',
      `<form action="/a"><input name="x" disabled><fieldset disabled><legend><input name="l" value="1"></legend><input name="y"></fieldset>${BOX}</form>`,
      '/a',
      'l=1&p=PW',
    ],
    [
      'leaves out what has no name',
      `<form action="/a"><input value="1"><input name="" value="2">${BOX}</form>`,
      '/a',
      'p=PW',
    ],
    [
      'reads entities in values',
      `<form action="/a"><input type="hidden" name="t" value="a&amp;b&quot;c&#61;">${BOX}</form>`,
      '/a',
      't=a%26b%22c%3D&p=PW',
    ],
    ['is read without its end', `<form action="/a"><p>${BOX}`, '/a', 'p=PW'],
  ])('%s', (_title, html, action, fields) => {
    const form = readResetForm(html);
    expect(form?.action).toBe(action);
    expect(form?.fill('PW').toString()).toBe(fields);
  });

  it.each([
    ['no form', '<p>Welcome</p>'],
    ['a form without a password', '<form><input name="email"></form>'],
    ['a password without a form', BOX],
    ['nothing', ''],
  ])('is not found in %s', (_title, html) => {
    expect(readResetForm(html)).toBeUndefined();
  });

  it('says what its address is relative to', () => {
    const html = `<head><base target="_top"><base href="/app/"><base href="/other/"></head><form action="reset">${BOX}</form>`;
    expect(readResetForm(html)).toMatchObject({ action: 'reset', base: '/app/' });
  });
});

it('reads a page that is as deep as it is long', () => {
  expect(readResetForm(`<form action="/a">${'<div>'.repeat(20_000)}${BOX}`)?.action).toBe('/a');
});

it('shows the first words of a page, and no more than fit into a message', () => {
  expect(wordsOf('<title>x</title><p>This link has expired.</p>')).toBe('This link has expired.');
  expect(wordsOf(`<p>${'word '.repeat(100)}`)).toHaveLength(201);
});
