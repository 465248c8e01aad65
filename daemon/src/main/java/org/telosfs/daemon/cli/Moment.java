package org.telosfs.daemon.cli;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.telosfs.persistence.TransactionId;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A state of the objects, as users name it: by its transaction's number, or by a time. */
record Moment(TransactionId transaction) {

  static final class Converter implements ITypeConverter<Moment> {
    @Override
    public Moment convert(String text) {
      try {
        return new Moment(TransactionId.parse(text));
      } catch (IllegalArgumentException isTime) {
        try {
          return new Moment(TransactionId.at(Instant.parse(text)));
        } catch (DateTimeParseException e) {
          throw new TypeConversionException(
              "'"
                  + text
                  + "' is neither a transaction's number nor a time like 2026-01-31T12:00:00Z");
        }
      }
    }
  }

  @Override
  public String toString() {
    return transaction.toString();
  }
}
