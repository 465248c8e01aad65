package org.telosfs.daemon.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.telosfs.daemon.ExitCode;
import org.telosfs.daemon.control.ControlClient;
import org.telosfs.daemon.control.ExactJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code telosfs image put}. */
@Command(
    name = "put",
    description = {
      "Makes or replaces named objects, all in one transaction.",
      "References are {\"$ref\": \"OID\"}; \"$prototype\": \"OID\" names the prototype."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  telosfs image put ~/data 'apple={\"colour\": \"red\"}' 'pear={\"colour\": \"green\"}'",
      "  telosfs image put ~/data -m 'picked' 'apple={\"colour\": \"red\", \"grams\": 182}'",
      "  telosfs image put ~/data apple --blob apple.jpg"
    })
final class ImagePutCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  private Path store = Path.of("");

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "NAME=JSON",
      description = {
        "An object's name, and its slots as a JSON object.",
        "With --blob the name alone is enough; the slots then stay as they are."
      })
  private List<String> objects = List.of();

  @Option(
      names = {"-m", "--message"},
      paramLabel = "TEXT",
      description = "The transaction's description (image put, with the names).")
  private String message = "";

  @Option(
      names = "--blob",
      paramLabel = "FILE",
      description = {
        "A file whose content the object holds as its blob from now on; for one object.",
        "Without it an object keeps the blob it has."
      })
  private @Nullable Path blob;

  @Option(names = "--json", description = "Print the transaction and the objects as JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    ObjectNode request = ControlClient.request("image-put");
    request.put("user", System.getProperty("user.name", "")).put("description", description());
    if (blob != null) {
      if (objects.size() != 1) {
        throw new ParameterException(
            spec.commandLine(), "--blob is for one object, and these are " + objects.size());
      }
      request.put("blob", blob.toAbsolutePath().toString());
    }
    ArrayNode array = request.putArray("objects");
    ObjectMapper mapper = ExactJson.mapper();
    for (String object : objects) {
      add(object, mapper, array);
    }
    JsonNode result = new StoreRequests(store).call(request);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(result.toPrettyString());
    } else {
      for (JsonNode object : result.path("objects")) {
        out.println(object.path("oid").asText() + "  " + object.path("name").asText());
      }
    }
    return ExitCode.OK.number();
  }

  private void add(String object, ObjectMapper mapper, ArrayNode into) {
    int equals = object.indexOf('=');
    if (equals < 0 && blob != null && !object.isEmpty()) {
      into.addObject().put("name", object);
      return;
    }
    if (equals <= 0) {
      throw new ParameterException(spec.commandLine(), "'" + object + "' is not NAME=JSON");
    }
    try {
      JsonNode state = mapper.readTree(object.substring(equals + 1));
      if (!state.isObject()) {
        throw new ParameterException(
            spec.commandLine(),
            "'" + object + "': the state must be a JSON object like {\"x\": 1}");
      }
      into.addObject().put("name", object.substring(0, equals)).set("state", state);
    } catch (JsonProcessingException malformed) {
      throw new ParameterException(
          spec.commandLine(), "'" + object + "' is no JSON: " + malformed.getOriginalMessage());
    }
  }

  private String description() {
    if (!message.isEmpty()) {
      return message;
    }
    String first = objects.get(0);
    int equals = first.indexOf('=');
    String name = equals < 0 ? first : first.substring(0, equals);
    return "image put "
        + name
        + (objects.size() == 1 ? "" : " and " + (objects.size() - 1) + " more");
  }
}
