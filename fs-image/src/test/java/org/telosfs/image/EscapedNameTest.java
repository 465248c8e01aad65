package org.telosfs.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.telosfs.vfs.FileName;

class EscapedNameTest {

  private static final List<String> NAMES =
      List.of(
          "",
          ".",
          "..",
          "...",
          "/",
          "a/b",
          "\0",
          "%",
          "%%",
          "%2F",
          "%~",
          "plain",
          "ä/ö",
          "a%00b",
          "x".repeat(255),
          "x".repeat(256),
          "x".repeat(257),
          "/".repeat(255),
          "ö".repeat(200),
          "\uD83D\uDE00".repeat(100),
          "a".repeat(220) + "%".repeat(50));

  @Test
  void everyNameIsAFileNameAndLeadsBack() {
    Set<FileName> files = new HashSet<>();
    for (String name : NAMES) {
      FileName file = EscapedName.of(name);
      files.add(file);
      assertEquals(false, file.isDots(), name);
      assertEquals(Optional.of(name), EscapedName.find(file, NAMES), name);
    }
    assertEquals(NAMES.size(), files.size());
  }

  @Test
  void plainNamesStayAsTheyAre() {
    assertEquals("plain name.txt", EscapedName.of("plain name.txt").toString());
    assertEquals("a%2Fb", EscapedName.of("a/b").toString());
    assertEquals("%2E%2E", EscapedName.of("..").toString());
    assertEquals("%", EscapedName.of("").toString());
  }

  @Test
  void otherSpellingsLeadNowhere() {
    for (String file : List.of("%2f", "%61", "%2", "a%", "%zz", "%25%", "%C3")) {
      assertEquals(
          Optional.empty(),
          EscapedName.find(FileName.of(file), List.of("/", "a", "%", "%%")),
          file);
    }
  }

  @Test
  void randomNamesLeadBack() {
    Random random = new Random(1);
    for (int round = 0; round < 5000; round++) {
      StringBuilder name = new StringBuilder();
      for (int length = random.nextInt(300); length > 0; length--) {
        name.appendCodePoint("./%\0aö€\uD83D\uDE00".codePoints().toArray()[random.nextInt(8)]);
      }
      FileName file = EscapedName.of(name.toString());
      assertEquals(Optional.of(name.toString()), EscapedName.find(file, List.of(name.toString())));
    }
  }
}
