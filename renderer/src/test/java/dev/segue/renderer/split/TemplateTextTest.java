// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.split;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class TemplateTextTest {
  static List<Arguments> nasty() {
    return List.of(
        Arguments.of("plain", "{{ define \"a\" }}x{{ end }}", "a=x"),
        Arguments.of("trimmed", "{{- define \"a\" -}} x {{- end -}}", "a= x "),
        Arguments.of("raw name", "{{define `a`}}x{{end}}", "a=x"),
        Arguments.of("escaped name", "{{define \"a\\\"b\\u0041\"}}x{{end}}", "a\"bA=x"),
        Arguments.of(
            "braces in a string",
            "{{define \"a\"}}{{ \"}} {{ end }}\" }}{{end}}",
            "a={{ \"}} {{ end }}\" }}"),
        Arguments.of(
            "braces in a raw string",
            "{{define \"a\"}}{{ `}}\n{{ end }}` }}{{end}}",
            "a={{ `}}\n{{ end }}` }}"),
        Arguments.of(
            "quote in a string", "{{define \"a\"}}{{ \"\\\"}}\" }}{{end}}", "a={{ \"\\\"}}\" }}"),
        Arguments.of("brace as a character", "{{define \"a\"}}{{ '}' }}{{end}}", "a={{ '}' }}"),
        Arguments.of(
            "end in a comment",
            "{{define \"a\"}}{{/* {{ end }} */}}x{{end}}",
            "a={{/* {{ end }} */}}x"),
        Arguments.of(
            "end in a trimmed comment",
            "{{define \"a\"}}{{- /* \"{{ end }} */ -}}x{{end}}",
            "a={{- /* \"{{ end }} */ -}}x"),
        Arguments.of(
            "nested blocks",
            "{{define \"a\"}}{{if .x}}{{range .y}}{{with .z}}1{{end}}{{else}}2{{end}}"
                + "{{else if .w}}3{{end}}{{end}}",
            "a={{if .x}}{{range .y}}{{with .z}}1{{end}}{{else}}2{{end}}{{else if .w}}3{{end}}"),
        Arguments.of(
            "two of them", "{{define \"a\"}}1{{end}} between {{define \"b\"}}2{{end}}", "a=1,b=2"),
        Arguments.of("a block inside an if", "{{if .x}}{{block \"a\" .}}1{{end}}{{end}}", "a=1"),
        Arguments.of("over lines", "{{\n  define\n  \"a\"\n}}x{{\nend\n}}", "a=x"),
        Arguments.of("a minus that is no trim", "{{define \"a\"}}{{-3}}{{end}}", "a={{-3}}"),
        Arguments.of("a variable called end", "{{define \"a\"}}{{$end}}{{end}}", "a={{$end}}"),
        Arguments.of(
            "a word that begins with end",
            "{{define \"a\"}}{{endless .}}{{end}}",
            "a={{endless .}}"),
        Arguments.of("nothing but text", "no {braces} here }}", ""),
        Arguments.of("never ended", "{{define \"a\"}}x", ""),
        Arguments.of("cut off in an action", "{{define \"a\"}}x{{ end", ""),
        Arguments.of("cut off in a string", "{{define \"a", ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("nasty")
  void findsTheNamedTemplates(String name, String text, String expected) {
    TemplateText read = TemplateText.of(text);
    List<String> found =
        read.definitions().stream()
            .map(d -> d.name() + "=" + text.substring(d.bodyStart(), d.bodyEnd()))
            .toList();
    assertThat(String.join(",", found)).isEqualTo(expected);
  }

  @Test
  void knowsWhichDefinitionsReplaceNothing() {
    String text =
        "{{define \"a\"}} \n {{/* c {{ x }} */}} {{- /* d */ -}} {{end}}"
            + "{{define \"b\"}}{{\"\"}}{{end}}{{define \"c\"}}.{{end}}";
    assertThat(TemplateText.of(text).definitions())
        .extracting(TemplateText.Definition::name, TemplateText.Definition::empty)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("a", true),
            org.assertj.core.groups.Tuple.tuple("b", false),
            org.assertj.core.groups.Tuple.tuple("c", false));
  }

  @Test
  void leavesNothingButDefinitions() {
    TemplateText text =
        TemplateText.of(
            "kind: X\n{{ define \"a\" }}1{{ end }}\n{{ .y }}\n{{ if .z }}{{ block \"b\" . }} 2 {{- end }}{{ end }}");
    TemplateText only = TemplateText.of(text.definitionsOnly());
    assertThat(text.definitionsOnly())
        .isEqualTo("{{ define \"a\" }}1{{ end }}\n{{ define \"b\" }} 2 {{- end }}\n");
    assertThat(only.executed()).isEmpty();
    assertThat(only.definitions())
        .extracting(TemplateText.Definition::name)
        .containsExactly("a", "b");
  }

  @Test
  void countsABlockAsExecutedWhereItStands() {
    TemplateText text =
        TemplateText.of(
            "{{ .a }}{{ define \"x\" }}{{ .b }}{{ end }}{{ block \"y\" . }}{{ .c }}{{ end }}");
    assertThat(text.executed())
        .extracting(action -> action.code().strip())
        .containsExactly(".a", "block \"y\" .", ".c", "end");
  }
}
