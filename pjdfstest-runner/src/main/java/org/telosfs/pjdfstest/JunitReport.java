package org.telosfs.pjdfstest;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A run as JUnit XML: a test suite per script, a test case per assertion. */
public final class JunitReport {
  private JunitReport() {}

  public static void write(String suite, Report report, Path file) throws IOException {
    try (Writer writer = Files.newBufferedWriter(file)) {
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(writer);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuites");
      xml.writeAttribute("name", suite);
      xml.writeAttribute("time", seconds(report.seconds()));
      for (ScriptResult script : report.scripts()) {
        writeScript(xml, script);
      }
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IOException("cannot write " + file, e);
    }
  }

  private static void writeScript(XMLStreamWriter xml, ScriptResult script)
      throws XMLStreamException {
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", script.script());
    xml.writeAttribute("tests", Integer.toString(script.results().size()));
    xml.writeAttribute("failures", Integer.toString(script.failed()));
    xml.writeAttribute("skipped", Integer.toString(script.skipped()));
    xml.writeAttribute("time", seconds(script.seconds()));
    for (TapResult result : script.results()) {
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", script.script());
      xml.writeAttribute("name", Integer.toString(result.number()));
      if (!(result instanceof TapResult.Passed)) {
        xml.writeEmptyElement(result instanceof TapResult.Failed ? "failure" : "skipped");
        xml.writeAttribute("message", printable(result.text()));
      }
      xml.writeEndElement();
    }
    xml.writeEndElement();
  }

  private static String seconds(double seconds) {
    return String.format(Locale.ROOT, "%.3f", seconds);
  }

  /** XML 1.0 has no place for control characters, not even as references. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
