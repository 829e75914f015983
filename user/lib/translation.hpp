// The exhibits' texts in the reader's language: English as the sources have it, Chinese with VITRINE_LANG=zh.
//
// The way of GNU gettext (its manual: "Sources", "MO Files"), without its library: N_ marks a text for
// xgettext(1), user/zh/*.po hold the Chinese, msgfmt(1) checks them and makes a catalogue of them that is
// part of the program. Nothing here allocates: an exhibit about the heap must not move the heap by talking.
#pragma once

// Marks a text where it is written down. It stays what it was, a string literal.
#define N_(text) text

namespace exhibit {

// Whether VITRINE_LANG asks for Chinese: "zh", or anything that begins so, such as "zh_CN".
bool in_chinese();

// `text` in the reader's language; itself where there is no other. Block::add and formatted() do this with
// their formats by themselves; what they insert, or others print, has to be translated first.
const char *translated(const char *text) __attribute__((format_arg(1)));

} // namespace exhibit
