/**
 * Every error Undertone raises on purpose has one of these codes. The list is closed: a new failure gets a new
 * entry here, and `docs/errors.md` is generated from it.
 */
export interface CatalogueEntry {
  /** What went wrong, in one sentence, for somebody who has never read the code. */
  readonly meaning: string;
  /** What the reader can do about it. */
  readonly remedy: string;
}

const entry = (meaning: string, remedy: string): CatalogueEntry => ({ meaning, remedy });

export const ERROR_CATALOGUE = {
  UT_INTERNAL: entry(
    'A state that should be impossible was reached: this is a defect in Undertone.',
    'Report it with the message and the stack; the process can go on.',
  ),
  UT_FEATURES_BAD_FRONT_END: entry(
    'A front-end parameter makes the log-Mel computation impossible.',
    'Correct the named field in the file that was given as `--front-end`, or in `--with`.',
  ),
  UT_CONSOLE_BAD_EVENT: entry(
    'A record on a result topic is not an event that the console understands.',
    'Report it with the message: nothing but Undertone itself writes to the result topics.',
  ),
  UT_CONSOLE_BAD_REQUEST: entry(
    'A request to the console API has a parameter or a body that cannot be used.',
    'Correct the parameter that the message names; docs/console.md lists them all.',
  ),
  UT_CONSOLE_FORBIDDEN_HOST: entry(
    'The console was asked for under a host name that it does not serve.',
    'Open it by IP address or as localhost, or add the name to `console.allowedHosts`.',
  ),
  UT_CONSOLE_FORBIDDEN_ORIGIN: entry(
    'A page of another origin tried to use the console API.',
    'Send the request from the console page itself, or from a program that sets no Origin header; a proxy in between must pass the Host header on as it came.',
  ),
  UT_CONSOLE_NO_SUCH_ROUTE: entry(
    'The console API has no such address.',
    'See docs/console.md for the addresses and the methods that they take.',
  ),
  UT_CONSOLE_PAGE_NOT_BUILT: entry(
    'The files of the console page are missing.',
    'Build them with `npm run build:console`, then restart.',
  ),
  UT_CONSOLE_TOO_MANY_STREAMS: entry(
    'As many event streams are open as the console allows.',
    'Close pages that nobody looks at, or raise `console.maxStreams`.',
  ),
  UT_CONSOLE_UNAUTHORISED: entry(
    'The console API needs a token, and the request brought none that is valid.',
    'Sign in on the page, or send `Authorization: Bearer <token>` with one of `console.tokens`.',
  ),
  UT_CONSOLE_UNKNOWN_CALL: entry(
    'The console holds no call of this id.',
    'Check the id; calls that ended some time ago, and erased ones, are no longer held.',
  ),
  UT_AUDIO_UNREADABLE: entry(
    'The audio file could not be opened or read.',
    'Check the path, that it names an ordinary file, and that this user may read it.',
  ),
  UT_AUDIO_EMPTY: entry('The file holds no audio.', 'Record or export it again.'),
  UT_AUDIO_UNKNOWN_FORMAT: entry(
    'The content is none of the audio formats Undertone reads (WAV, AIFF, FLAC); the name of the file plays no part.',
    'Convert it, for example with `ffmpeg -i INPUT -c:a pcm_s16le OUTPUT.wav`; audio without a header with `ffmpeg -f mulaw -ar 8000 -i INPUT OUTPUT.wav`, naming what it is.',
  ),
  UT_AUDIO_HEADER: entry(
    'The header of the audio file contradicts itself or misses a part.',
    'Write the file again with a current tool, for example `ffmpeg -i INPUT -c:a pcm_s16le OUTPUT.wav`.',
  ),
  UT_AUDIO_TRUNCATED: entry(
    'The audio file ends before its header says it should, or a part of it is damaged.',
    'Copy the file again; to work with what is there, write a whole file of it with `ffmpeg -i INPUT -c:a pcm_s16le OUTPUT.wav`.',
  ),
  UT_AUDIO_CODEC: entry(
    'The audio file is compressed in a way Undertone does not decode.',
    'Convert it to PCM, for example with `ffmpeg -i INPUT -c:a pcm_s16le OUTPUT.wav`.',
  ),
  UT_AUDIO_CHANNELS: entry(
    'The number of channels is not one that can be worked with.',
    'Choose or mix the channels first, for example with `ffmpeg -i INPUT -ac 1 OUTPUT.wav`.',
  ),
  UT_AUDIO_RATE: entry(
    'The sampling rate is not a whole number of hertz between 4000 and 192000.',
    'Check the header or the format that was stated; convert with `ffmpeg -i INPUT -ar 16000 OUTPUT.wav`.',
  ),
  UT_AUDIO_NOT_FINITE: entry(
    'A floating-point sample is not a number, infinite, or absurdly large.',
    'Mend the program that wrote the samples; check that the encoding and byte order were stated right.',
  ),
  UT_AUDIO_TOO_LARGE: entry(
    'The audio takes more bytes than is allowed.',
    'Cut it into pieces at a rate that speech needs: `ffmpeg -i INPUT -ar 16000 -f segment -segment_time 3600 OUTPUT%02d.wav`.',
  ),
  UT_AUDIO_TOO_LONG: entry(
    'The audio lasts longer than is allowed.',
    'Cut it into pieces, for example of an hour: `ffmpeg -i INPUT -f segment -segment_time 3600 OUTPUT%02d.wav`.',
  ),
  UT_CONFIG_INVALID: entry(
    'The configuration holds values that Undertone cannot work with.',
    'Correct the places named; docs/configuration.md describes every setting.',
  ),
  UT_CONFIG_FILE_UNREADABLE: entry(
    'The configuration file cannot be read.',
    'Check the path given with --config or UNDERTONE_CONFIG and the permissions of the file.',
  ),
  UT_CONFIG_SECRET_UNREADABLE: entry(
    'A secret refers to a file or an environment variable that cannot be read or is empty.',
    'Create the file or set the variable that the configuration names, readable by the user that runs Undertone.',
  ),
  UT_CONFIG_EXPOSED_WITHOUT_AUTH: entry(
    'The process would listen beyond this machine without asking anybody for a token.',
    'Set the tokens named, or listen on 127.0.0.1.',
  ),
  UT_CONFIG_EXPOSED_WITHOUT_TLS: entry(
    'The process would listen beyond this machine, where audio and tokens would travel unencrypted.',
    'Put a proxy that ends TLS in front and declare it with `http.behindTlsProxy: true`, or listen on 127.0.0.1.',
  ),
  UT_CONFIG_CONTRADICTION: entry(
    'Two values of the configuration exclude each other.',
    'Change one of the values named.',
  ),
  UT_BUS_UNKNOWN_TOPIC: entry(
    'A topic was named that the bus was not told of.',
    'Use one of the topics that the message lists; `bus.topics` gives them their names.',
  ),
  UT_BUS_RECORD_TOO_LARGE: entry(
    'A record is larger than the bus accepts.',
    'Send smaller messages: a record holds 1 MiB at most, so keep `gateway.maxMessageBytes` well below that.',
  ),
  UT_BUS_CLOSED: entry(
    'The bus was used before it was started or after it was closed.',
    'Nothing is to be done while the process is starting or shutting down; at any other time report it.',
  ),
  UT_BUS_FENCED: entry(
    'A reader committed to a partition that has moved to another member of its group.',
    'Drop the work in hand: the new owner of the partition does it again.',
  ),
  UT_BUS_BAD_OFFSET: entry(
    'An offset was committed that lies beyond the end of the partition.',
    'Commit the offset after the last record that was read, never a later one.',
  ),
  UT_KAFKA_UNREACHABLE: entry(
    'No Kafka broker answers, or the connection to one broke off.',
    'Check `bus.kafka.brokers`, the network between, and that the brokers run; Undertone tries again by itself.',
  ),
  UT_KAFKA_AUTHENTICATION: entry(
    'The Kafka brokers refused the credentials, or the certificates of one side do not satisfy the other.',
    'Check `bus.kafka.sasl` and `bus.kafka.tls`, and which listener of the broker the port belongs to.',
  ),
  UT_KAFKA_AUTHORIZATION: entry(
    'The Kafka user may not do what Undertone needs.',
    'Grant it the rights that docs/operator-guide.md lists: on the topics, the group and the transactional ids.',
  ),
  UT_KAFKA_TOPIC_MISSING: entry(
    'A topic that Undertone needs does not exist.',
    'Create the topics with `undertone topics apply`, or correct their names in `bus.topics`. Where they exist, this user lacks a right on them: `undertone topics acls`.',
  ),
  UT_KAFKA_PARTITIONS: entry(
    'The topics have unequal or too few partitions, or their number has changed while Undertone was running.',
    'Give all topics the same number with `undertone topics apply`, and restart gateways and workers together.',
  ),
  UT_KAFKA_FAILED: entry(
    'Kafka refused a request, or the client gave up on it.',
    'See the message for what was refused; Undertone tries again by itself where that can help.',
  ),
  UT_KAFKA_TLS_FILE: entry(
    'The certificates or the key for the connection to Kafka can not be used.',
    'Check the paths under `bus.kafka.tls`, that the user of the process may read the files, and that certificate and key were made together.',
  ),
  UT_KAFKA_DRIVER_LACKS: entry(
    'The configuration asks for something that the chosen Kafka driver cannot do.',
    'Take the setting out, or set `bus.kafka.driver: node-rdkafka`.',
  ),
  UT_KAFKA_DRIVER_MISSING: entry(
    'The Kafka driver node-rdkafka is chosen, an optional part that npm ci does not install.',
    'Run `node scripts/install-rdkafka.mjs` in the checkout (it names the packages that it needs), or `npm install node-rdkafka` beside Undertone; or set `bus.kafka.driver: kafkajs`.',
  ),
  UT_INGEST_BAD_RECORD: entry(
    'A record of the audio log can not be understood.',
    'Correct the producer: headers and values are described in docs/integrators/audio-log.md.',
  ),
  UT_INGEST_BAD_MESSAGE: entry(
    'A feed sent a message that is not what its dialect allows.',
    'Compare the message with the page of the dialect in docs/integrators.',
  ),
  UT_INGEST_BAD_BASE64: entry(
    'A media message carries audio that is not base64.',
    'Encode the audio bytes as standard base64 with padding and without line breaks.',
  ),
  UT_INGEST_BAD_START: entry(
    'The start message of a feed has a wrong or missing field.',
    'Correct the field that the message names; docs/integrators lists all fields.',
  ),
  UT_INGEST_UNSUPPORTED_AUDIO: entry(
    'The feed announced audio in an encoding, rate or channel count that is not understood.',
    'Send one of mulaw, alaw, s16le, s16be, f32le, f32be at 4000 to 192000 Hz in 1 or 2 channels (Twilio: audio/x-mulaw, 8000, 1).',
  ),
  UT_INGEST_OUT_OF_ORDER: entry(
    'A feed sent a message that has no place at this point of its conversation.',
    'Send start first and once, then audio, then stop.',
  ),
  UT_INGEST_BINARY_FRAME: entry(
    'A Twilio feed sent a binary frame, where all messages are text.',
    'Send JSON text frames, or connect to the generic feed for binary audio.',
  ),
  UT_INGEST_DUPLICATE_FEED: entry(
    'Another live feed already delivers this leg of this call; the older one is kept.',
    'Start one stream a call and track, or end the older stream first.',
  ),
  UT_INGEST_CALL_OF_OTHER_TENANT: entry(
    'The call id is in use by a live call of another tenant.',
    'Make call ids unique across tenants, for example by a prefix.',
  ),
  UT_INGEST_NOTICE_DIFFERS: entry(
    'A feed joined a live call and says otherwise than its first feed whether the people on the line were told.',
    'Send the same notice in the start message of every feed of a call.',
  ),
  UT_INGEST_AHEAD_OF_TIME: entry(
    'A live feed states more lost or paused time than has passed since its call began.',
    'State lost and durationMs in milliseconds of media time; send recordings with "live": false, or raise gateway.maxAheadMs.',
  ),
  UT_INGEST_MIXED_UNDECLARED: entry(
    "A mixed leg carries the agent's voice, and the tenant has not declared that agents may be analysed.",
    'Send the parties as separate legs, or record the declaration in `tenants.<tenant>.agentAudioDeclared`.',
  ),
  UT_INGEST_TOO_MANY_STREAMS: entry(
    'The gateway carries as many streams as it is allowed to.',
    'Try again later, or raise `gateway.maxStreams`.',
  ),
  UT_INGEST_TOO_MANY_TENANT_STREAMS: entry(
    'The tenant has as many streams as it is allowed to.',
    'Try again when one of its calls has ended, or raise `gateway.maxStreamsPerTenant`.',
  ),
  UT_INGEST_MESSAGE_TOO_LARGE: entry(
    'A feed sent a message larger than the limit.',
    'Send audio in messages of 20 to 200 ms, or raise `gateway.maxMessageBytes`.',
  ),
  UT_INGEST_TOO_MANY_MESSAGES: entry(
    'A live feed sends messages faster than the limit.',
    'Send one message each 20 ms or more, or raise `gateway.maxMessagesPerSecond`; play recordings through the generic feed with "live": false, which is slowed down instead.',
  ),
  UT_INGEST_START_TIMEOUT: entry(
    'A feed connected and did not send its start message in time.',
    'Send start as soon as the connection is open.',
  ),
  UT_INGEST_IDLE: entry(
    'A feed fell silent: no message came for longer than the idle limit.',
    'Send audio without interruption (silence too), announce pauses, and send stop at the end of a call.',
  ),
  UT_INGEST_BAD_SIGNATURE: entry(
    'The signature of a Twilio connection is missing or wrong.',
    'Check `gateway.auth.twilioAuthTokens`, and that `gateway.auth.publicUrl` is the address in the TwiML up to `/v1/feeds/twilio`; a slash too many there changes the signature.',
  ),
  UT_INGEST_BAD_TOKEN: entry(
    'The bearer token of a connection is missing or wrong.',
    'Send the header "Authorization: Bearer TOKEN" with one of `gateway.auth.bearerTokens`.',
  ),
  UT_INGEST_FOREIGN_ORIGIN: entry(
    'A web page of another origin tried to open a feed.',
    'Open the page under the address of Undertone itself (a proxy in between must pass the Host header on as it came), or connect from a program that sends no Origin header.',
  ),
  UT_INGEST_SHUTTING_DOWN: entry(
    'The gateway is shutting down and takes no more audio.',
    'Connect again: another or the restarted gateway will answer.',
  ),
  UT_INGEST_DRAIN_TIMEOUT: entry(
    'The gateway could not hand over all its audio before the deadline of its shutdown.',
    'Raise `shutdown.drainMs`, and look at what keeps the bus full (a slow or dead worker).',
  ),
  UT_TRAINING_BAD_CORPUS: entry(
    'Recordings are not what they were said to be: another corpus, none at all, or labelled in contradiction.',
    'Give the folder that contains the corpus with its original file names, and the name of the corpus: tess=FOLDER, ravdess=FOLDER, emodb=FOLDER or iemocap=FOLDER; own recordings as NAME=folders:FOLDER or NAME=csv:FILE.',
  ),
  UT_TRAINING_BAD_DATA: entry(
    'A directory of prepared features is incomplete, damaged, or made with other settings.',
    'Run `undertone prepare` again; with other settings, into a new directory (`--out`).',
  ),
  UT_TRAINING_BAD_OPTIONS: entry(
    'A training or evaluation was asked for with values that can not work.',
    'Correct the value named in the message; the command lists its options with `--help`.',
  ),
  UT_TRAINING_LEAK: entry(
    'A speaker, or a recording, stands in two parts of a split: the model would be judged on what it was taught.',
    'Give each speaker to one part, and take out one of two identical recordings; or use a protocol that says by its name that it leaks.',
  ),
  UT_TRAINING_BAD_CHECKPOINT: entry(
    'A training run can not be resumed from the checkpoint in its folder.',
    'Give a new run folder (`--run`) to start afresh, or the options with which the run was started.',
  ),
  UT_TRAINING_CANNOT_WRITE: entry(
    'What training or preparing made could not be written; what stood there before is still whole.',
    'Make room on the disk, or give a folder that may be written; the same command then goes on where it was.',
  ),
  UT_TRAINING_INTERRUPTED: entry(
    'A training run was interrupted.',
    'Give the same command again: it goes on after the last epoch that was saved.',
  ),
  UT_TRAINING_FOLD_FAILED: entry(
    'Folds are trained by a process each, and one of them ended with an error; the others were asked to save and end.',
    'Read the lines that begin with the name of the fold, and correct what they name. The same command goes on.',
  ),
  UT_TRAINING_BAD_CHECK: entry(
    'The answers that an imported model is to be compared with are incomplete, or do not fit the model.',
    'Give a folder with inputs.npy and outputs.npy, or with recordings of one window each and expected.csv, as docs/import.md describes it.',
  ),
  UT_TRAINING_IMPORT_DIFFERS: entry(
    'An imported model does not give the answers that it gave where it was made, so no bundle was written.',
    'Correct the setting that the message names (docs/import.md lists them all), or what --check holds; `--tolerance` where the difference is known to be harmless.',
  ),
  UT_INFERENCE_KERAS_ARCHIVE: entry(
    'The file is neither a readable Keras archive (a zip with config.json and model.weights.h5) nor an HDF5 file of a whole model.',
    'Copy the file again from where it was made; a model of your own is saved by `model.save("name.keras")`.',
  ),
  UT_INFERENCE_KERAS_TOO_LARGE: entry(
    'A Keras archive unpacks to more than the limit.',
    'If the model is your own, train a smaller one (`undertone train --width`); a file from a stranger that does this is an attack.',
  ),
  UT_INFERENCE_KERAS_CONFIG: entry(
    'A Keras model is not a Sequential one or a plain chain of layers with a fixed input shape.',
    'Preprocessing inside the model (preprocess_input, concatenated channels) belongs into the front end of the bundle: save the part behind it. docs/import.md shows how.',
  ),
  UT_INFERENCE_KERAS_UNSUPPORTED: entry(
    'A Keras model has a layer, or a setting of a layer, that Undertone does not compute.',
    'Build the model of the layers and settings that docs/import.md lists, channels last; what only trains or prepares the input is left out before saving.',
  ),
  UT_INFERENCE_KERAS_WEIGHTS: entry(
    'The weights of a Keras model are damaged, missing or do not fit its layers.',
    'Copy the file again from where it was made, or save the model again, in 32-bit floats.',
  ),
  UT_INFERENCE_NOT_VGG16: entry(
    'The model is not a VGG16: thirteen 3×3 convolutions in blocks of 2-2-3-3-3, five 2×2 poolings, a Dense head with softmax.',
    'The message names the first layer that differs; docs/import.md says which variants of VGG16 can be used.',
  ),
  UT_INFERENCE_BUNDLE_MISSING_FILE: entry(
    'A model bundle lacks a file, or it cannot be read.',
    'Check the path; a bundle is a folder with bundle.json and every file that it lists.',
  ),
  UT_INFERENCE_BUNDLE_JSON: entry(
    'bundle.json is not valid JSON, or one of its fields is wrong.',
    'Take bundle.json from the same source as the model again; it is written by Undertone, not by hand.',
  ),
  UT_INFERENCE_BUNDLE_VERSION: entry(
    'The model bundle has a format version that this Undertone does not read.',
    'Use a version of Undertone that reads it, or write the bundle again with `undertone train` of this version.',
  ),
  UT_INFERENCE_BUNDLE_HASH: entry(
    'A file of the model bundle is not the one that bundle.json was written for.',
    'Copy the whole bundle again from where it was made; a changed model needs a bundle of its own, from `undertone train`.',
  ),
  UT_INFERENCE_BUNDLE_FINGERPRINT: entry(
    'The front end in bundle.json was changed after the model was trained with it.',
    'Restore the bundle; a model only works with the front end that it was trained on.',
  ),
  UT_INFERENCE_BUNDLE_MISMATCH: entry(
    'The parts of a model bundle contradict each other.',
    'Copy the whole bundle again from where it was made; do not mix files of several models.',
  ),
  UT_INFERENCE_WINDOW: entry(
    'A window does not have the size that the model takes.',
    'Compute windows with the front end of the same bundle.',
  ),
  UT_INFERENCE_OVERLOADED: entry(
    'More windows wait for the classifier than its limit allows.',
    'Give the model more cores (`model.threads`), or lower `worker.maxPendingWindowsPerPartition`, so that calls wait before the model has too much.',
  ),
  UT_INFERENCE_WINDOW_LOST: entry(
    'A window was left out: each inference thread that was given it died.',
    'The call goes on with a hole of reason `error`. If it happens again, run `undertone doctor` and look for lack of memory.',
  ),
  UT_INFERENCE_THREAD: entry(
    'Inference threads keep dying.',
    'Run `undertone doctor`; look for lack of memory or an onnxruntime-node that does not fit this machine.',
  ),
  UT_INFERENCE_CLOSED: entry(
    'A window was handed to a classifier that is not running.',
    'Call start() first, and stop the parts that classify before the classifier.',
  ),
  UT_INFERENCE_ONNX_ONLY: entry(
    'The bundle has an integer build, and the engine that was chosen can not run it.',
    'Set `model.engine` to `onnx`, or name the bundle that this one was made from.',
  ),
  UT_INFERENCE_NO_TFJS: entry(
    'Training and the engine `tfjs` need @tensorflow/tfjs-node, an optional part that npm ci does not install.',
    'Run `node scripts/install-tfjs.mjs` in the checkout, with Node 20 or 22; or `npm install @tensorflow/tfjs-node` beside Undertone. For serving, `model.engine: onnx` needs neither.',
  ),
  UT_HTTP_PORT_TAKEN: entry(
    'Another program listens on the port.',
    'Stop it, or choose another port: `--set http.port=8081` (0 takes any free one).',
  ),
  UT_HTTP_CANNOT_LISTEN: entry(
    'The address to listen on can not be used.',
    'Check `http.host` and `http.port`: the address must belong to this machine, ports below 1024 need rights.',
  ),
  UT_REDIS_UNREACHABLE: entry(
    'No connection to Redis, or the connection was lost.',
    'Check that Redis runs and that `redis.host` and `redis.port` (or `redis.sentinel`, `redis.cluster`) name it; Undertone goes on without it and connects again by itself.',
  ),
  UT_REDIS_TIMEOUT: entry(
    'Redis took the connection, but does not answer in time.',
    'Look at the load of the Redis server (`SLOWLOG GET`, swapping, a stopped process), or raise `redis.commandTimeoutMs`.',
  ),
  UT_REDIS_AUTHENTICATION: entry(
    'Redis does not accept the user or the password.',
    'Correct `redis.username` and `redis.password`, or those under `redis.sentinel`.',
  ),
  UT_REDIS_DENIED: entry(
    'The Redis user may not use a command, a key or a channel.',
    'Give the user the ACL rules that docs/redis.md lists.',
  ),
  UT_REDIS_READ_ONLY: entry(
    'The Redis server is a replica, which takes no states and passes no messages on to others.',
    'Name the master in `redis.host`, or let `redis.sentinel` find it; Undertone connects again and again until it meets a master.',
  ),
  UT_REDIS_NOT_READY: entry(
    'Redis answers, but can not serve yet: it loads its data, or its cluster is not whole.',
    'Wait until it has loaded (`INFO persistence`) or mend the cluster (`CLUSTER INFO`); Undertone tries again by itself.',
  ),
  UT_REDIS_TLS: entry(
    'No encrypted connection to Redis came about.',
    'Check `redis.tls`: the files, that `caFile` signed the certificate of the server, that the certificate carries its name, and that the port speaks TLS.',
  ),
  UT_REDIS_REFUSED: entry(
    'Redis refused a command.',
    'Do what its answer says; out of memory, for example, means that `maxmemory` is too small or its policy evicts nothing.',
  ),
  UT_INFERENCE_UNKNOWN_LABEL: entry(
    'The model has a class that events have no name for.',
    'Use a model whose labels are among angry, disgust, fear, happy, neutral, sad, surprise.',
  ),
  UT_INFERENCE_SHADOW_FRONT_END: entry(
    'The model on trial has another front end than the model that it is compared with, so it can not hear the same windows.',
    'Take a bundle for `model.shadow.bundle` whose `frontEndFingerprint` is that of `model.bundle`; another front end is judged by `undertone evaluate`.',
  ),
  UT_CALLS_GAP_TOO_LONG: entry(
    'A feed announced a hole in the audio that is longer than any that is believed.',
    "Check the feed's offsets and durations, or raise `worker.maxGapMs`. The record is left out; the call goes on.",
  ),
  UT_CALLS_NOT_PAUSED: entry(
    'A resume arrived for a call that was not paused.',
    'Send a pause before the resume. The record is left out; the call goes on.',
  ),
  UT_CALLS_NOT_STARTED: entry(
    'Audio or a control record arrived for a call that has not started, or has ended.',
    'Send `call.started` first, and nothing after `call.ended`. The record is left out.',
  ),
  UT_TIMELINE_BAD_STATE: entry(
    'The state of a live call that another worker left behind is not in a form that this worker understands.',
    'Run versions together that docs/upgrade.md lets run together; for others let the live calls end on the old one first.',
  ),
  UT_CALLS_HEARD_BEFORE: entry(
    'A chunk repeats audio that has been heard, or comes too late: the audio before it was counted as lost.',
    'Write the chunks of a leg once, in order, with `offset-samples` counted on. The record is left out; the call goes on.',
  ),
  UT_CALLS_BAD_STATE: entry(
    'The state of a live call that another worker left in the log can not be understood.',
    'Let all workers of a group have models of one front end and versions that go together; see docs/upgrade.md.',
  ),
  UT_CLI_LEGS: entry(
    'The channels of the recording and the legs that were named do not fit.',
    'Name one leg a channel, in order: --leg customer, --leg customer,agent, or --leg mixed for all voices on one channel.',
  ),
  UT_CLI_UNDECLARED: entry(
    "The audio holds an agent's voice, and hearing emotion in it was not declared lawful (EU AI Act Art. 5(1)(f)).",
    'Record the declaration in the configuration (`tenants.<tenant>.agentAudioDeclared`), or name the customer alone: --leg customer.',
  ),
  UT_CLI_PLOT: entry(
    'The picture cannot be written.',
    'Name a .png file in a folder that exists and may be written to.',
  ),
  UT_CLI_NO_PICTURES: entry(
    'The packages that draw pictures are not installed here.',
    'Draw where npm has installed the optional packages too (`npm ci`); the container image comes without them.',
  ),
  UT_CLI_REPLAY_OPTION: entry(
    'A replay was asked for that can not be.',
    'Correct the option that the message names; `undertone replay --help` explains them.',
  ),
  UT_CLI_REPLAY_UNREACHABLE: entry(
    'No connection to the gateway came about.',
    'Check that `undertone start` runs, and that --url names its host, port and scheme (ws or wss).',
  ),
  UT_CLI_REPLAY_REFUSED: entry(
    'The gateway refused the feed or ended it early.',
    'Do what its answer says; docs/integrators lists the close codes of each dialect.',
  ),
  UT_LOAD_RESULTS: entry(
    'A load test cannot see the results of the installation.',
    'Name a console with --results http://HOST:PORT (its token in the variable that --results-token-env names), or --results kafka with the --config of the cluster.',
  ),
  UT_LOAD_OPTION: entry(
    'A load test was asked for that can not be.',
    'Correct the option that the message names; `undertone bench load --help` explains them.',
  ),
  UT_TRACES_NOT_TAKEN: entry(
    'The receiver of traces did not take spans that were sent to it.',
    'Check that it runs and that `telemetry.traces.endpoint` is its whole address for traces (most often it ends in /v1/traces), and its `headers`; calls go on, and spans are dropped meanwhile.',
  ),
  UT_CLI_PRINCIPAL: entry(
    'Rights were asked for in the name of somebody whom Kafka does not know how to read.',
    'Write it as Kafka does: User:NAME, or User: and the whole subject of a certificate. Rights for everybody (User:*) are never given.',
  ),
  UT_CLI_NO_KAFKA: entry(
    'The command works on the topics of Kafka, and the configuration does not use Kafka.',
    'Name the configuration file of the cluster with --config; it says `bus.kind: kafka` and lists `bus.kafka.brokers`.',
  ),
  UT_CLI_ERASE_PENDING: entry(
    'The order to erase a call stands in the audio log, but no worker has carried it out yet.',
    'Nothing has to be ordered again: it is done as soon as a worker reads it. See that workers run and have no lag, or wait longer with --timeout.',
  ),
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export interface UndertoneErrorOptions {
  /** Where the offending value stands: a file, a field path, a byte offset, a feed. */
  readonly place?: string;
  /** True where trying the same thing again later may succeed. Default false. */
  readonly retriable?: boolean;
  /** In place of the remedy of the code: where several things are wrong at once. */
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** An expected failure: a code from {@link ERROR_CATALOGUE}, the place of the offending value, and a remedy. */
export class UndertoneError extends Error {
  override readonly name = 'UndertoneError';
  readonly code: ErrorCode;
  /** What was found, without code, place and remedy. */
  readonly detail: string;
  readonly place: string | undefined;
  readonly retriable: boolean;
  readonly remedy: string;

  /** @param detail what was found at the place, specific to this occurrence ("header says 0 Hz"). */
  constructor(code: ErrorCode, detail: string, options: UndertoneErrorOptions = {}) {
    const where = options.place === undefined ? '' : ` at ${options.place}`;
    const { cause, remedy = ERROR_CATALOGUE[code].remedy } = options;
    super(`${code}${where}: ${detail} ${remedy}`, { cause });
    this.code = code;
    this.detail = detail;
    this.place = options.place;
    this.retriable = options.retriable ?? false;
    this.remedy = remedy;
  }
}

/** The code of any thrown value; `UT_INTERNAL` for what Undertone did not raise itself. */
export function errorCodeOf(error: unknown): ErrorCode {
  return error instanceof UndertoneError ? error.code : 'UT_INTERNAL';
}
