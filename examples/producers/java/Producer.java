import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Writes a recorded call into Undertone's audio log. Needs kafka-clients 3.0 or later:
 *
 * <pre>java -cp 'lib/*' Producer.java localhost:9092 my-call-1 call.wav</pre>
 */
public final class Producer {
  private static final String TOPIC = "undertone.audio.v1";
  private static final int CHUNK_MS = 20;
  private static final Map<String, String> JSON = Map.of("content-type", "application/json");

  /** WAVE format tag and bits per sample, to Undertone's word for it. */
  private static final Map<String, String> ENCODINGS = Map.of("1/16", "s16le", "6/8", "alaw", "7/8", "mulaw");

  /** One channel, as it stands in the file. */
  private record Recording(String encoding, int rateHz, int sampleBytes, byte[] data) {}

  private final String callId;
  private final List<ProducerRecord<String, byte[]>> records = new ArrayList<>();

  private Producer(String callId) {
    this.callId = callId;
  }

  public static void main(String[] args) throws Exception {
    if (args.length != 3) {
      System.err.println("usage: java -cp 'lib/*' Producer.java BOOTSTRAP CALL_ID FILE.wav");
      System.exit(2);
    }
    List<ProducerRecord<String, byte[]>> records = new Producer(args[1]).recordsOf(readWav(Path.of(args[2])));
    // Idempotence and murmur2 of the key, which all writers of a call have to share, are this client's defaults.
    Map<String, Object> settings = Map.of("bootstrap.servers", args[0], "linger.ms", 20);
    List<Future<RecordMetadata>> written = new ArrayList<>();
    try (var producer = new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer())) {
      for (ProducerRecord<String, byte[]> record : records) {
        written.add(producer.send(record));
      }
    }
    for (Future<RecordMetadata> each : written) {
      each.get();
    }
    System.out.println(written.size() + " records written to " + TOPIC);
  }

  /** All records of the call in the order in which they have to stand in the log. */
  private List<ProducerRecord<String, byte[]>> recordsOf(Recording recording) {
    // A recording can wait, so it is not live: Undertone takes its time and skips nothing.
    String started = "{\"live\":false,\"notice\":\"given\",\"legs\":[\"customer\"],\"feed\":\"example\"}";
    add("call.started", JSON, started.getBytes(UTF_8));

    int chunkSamples = recording.rateHz() * CHUNK_MS / 1000;
    int samples = recording.data().length / recording.sampleBytes();
    for (int seq = 0; seq * chunkSamples < samples; seq++) {
      int offset = seq * chunkSamples;
      int end = Math.min(samples, offset + chunkSamples);
      Map<String, String> headers = Map.of(
          "content-type", "application/octet-stream",
          "leg", "customer",
          "encoding", recording.encoding(),
          "rate", String.valueOf(recording.rateHz()),
          "channels", "1",
          "seq", String.valueOf(seq),
          "offset-samples", String.valueOf(offset));
      int sampleBytes = recording.sampleBytes();
      add("audio.chunk", headers, Arrays.copyOfRange(recording.data(), offset * sampleBytes, end * sampleBytes));
    }
    add("call.ended", JSON, "{\"reason\":\"completed\"}".getBytes(UTF_8));
    return records;
  }

  private void add(String type, Map<String, String> headers, byte[] value) {
    var all = new HashMap<>(headers);
    all.put("ce_specversion", "1.0");
    all.put("ce_type", type);
    all.put("ce_source", "urn:example:recorder:" + callId);
    all.put("ce_id", String.valueOf(records.size()));
    all.put("tenant", "default");
    var record = new ProducerRecord<>(TOPIC, callId, value);
    all.forEach((name, text) -> record.headers().add(name, text.getBytes(UTF_8)));
    records.add(record);
  }

  /** Reads a WAV file of one channel: 16-bit PCM, A-law or µ-law. */
  private static Recording readWav(Path path) throws IOException {
    byte[] file = Files.readAllBytes(path);
    ByteBuffer view = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    int format = -1;
    for (int at = 12; at + 8 <= file.length; ) {
      String name = new String(file, at, 4, ISO_8859_1);
      int size = view.getInt(at + 4);
      if (name.equals("fmt ")) {
        format = at + 8;
      }
      if (name.equals("data") && format > 0) {
        int end = Math.min(file.length, at + 8 + size);
        return recordingOf(path, view.slice(format, 16).order(ByteOrder.LITTLE_ENDIAN), Arrays.copyOfRange(file, at + 8, end));
      }
      at += 8 + size + size % 2;
    }
    throw new IOException(path + " is no WAV file.");
  }

  private static Recording recordingOf(Path path, ByteBuffer format, byte[] data) throws IOException {
    int bits = format.getShort(14);
    String encoding = ENCODINGS.get(format.getShort(0) + "/" + bits);
    if (encoding == null || format.getShort(2) != 1) {
      throw new IOException(path + ": one channel of 16-bit PCM, A-law or µ-law is needed.");
    }
    return new Recording(encoding, format.getInt(4), bits / 8, data);
  }
}
