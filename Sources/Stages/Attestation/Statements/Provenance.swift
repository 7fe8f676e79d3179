import BakeModel

/// How an image was made: SLSA provenance v1 (slsa.dev/spec/v1.0/provenance).
public struct Provenance: Sendable {
    private let record: GenerationRecord
    private let lock: Lock
    private let stages: [BuildRecord.Stage]
    private let store: String
    private let times: (start: Timestamp, end: Timestamp)

    /// The URI of the kind of claim.
    public static let predicateType = "https://slsa.dev/provenance/v1"

    /// Describes a bake.
    /// - Parameters:
    ///   - stages: what became of its nodes.
    ///   - store: the store that the image was made in.
    ///   - times: when it began and ended.
    public init(
        of record: GenerationRecord, lock: Lock, stages: [BuildRecord.Stage], store: String,
        times: (start: Timestamp, end: Timestamp)
    ) {
        self.record = record
        self.lock = lock
        self.stages = stages
        self.store = store
        self.times = times
    }

    /// The claim about the image.
    public var statement: InTotoStatement {
        InTotoStatement(
            about: record, Self.predicateType,
            [
                "buildDefinition": [
                    "buildType": "urn:bake:build:1", "externalParameters": Self.external(of: record),
                    "internalParameters": inner,
                    "resolvedDependencies": .array(dependencies),
                ],
                "runDetails": [
                    "builder": [
                        "id": .string(EvidenceName.store(store)),
                        "version": .object(record.builder.mapValues(JSON.string)),
                    ],
                    "metadata": [
                        "invocationId": .string("\(EvidenceName.store(store)):\(record.id)"),
                        "startedOn": .string(times.start.description), "finishedOn": .string(times.end.description),
                    ],
                    "byproducts": .array(outputs),
                ],
            ])
    }

    /// Whether a statement says how this very generation was made: its image, from its commit by its pipeline file, for its
    /// pipeline, with its arguments, and no draft where it has a number: else whoever can write to the store could pass the one
    /// off as the other.
    public static func tells(_ statement: InTotoStatement, of record: GenerationRecord) -> Bool {
        let definition = statement.predicate["buildDefinition"]
        let pipelineFile = definition?["resolvedDependencies"]?.items?.contains {
            $0["digest"]?["sha256"]?.string == record.pipelineFile.hex
        }
        return statement.predicateType == predicateType && statement.subject.digest == record.image
            && definition?["externalParameters"] == external(of: record) && pipelineFile == true
    }

    /// What whoever asked for the bake chose.
    private static func external(of record: GenerationRecord) -> JSON {
        .record([
            "source": .string("git+\(record.source)"), "commit": .string(record.commit.id.hex),
            "pipeline": .string(record.id.pipeline.text), "pipelineFile": record.pipelinePath.map(JSON.string),
            "arguments": .object(record.arguments.mapValues(JSON.string)),
            // What of the work tree stood in for the commit's files is in no commit.
            "draft": record.id.isDraft ? .bool(true) : nil,
        ])
    }

    private var inner: JSON {
        [
            "stages": .array(
                stages.map {
                    .record([
                        "name": .string($0.name), "state": .string($0.state),
                        "key": $0.key.map { .string($0.description) },
                    ])
                })
        ]
    }

    private var outputs: [JSON] {
        stages.compactMap { stage in
            stage.output.map { EvidenceName.resource("output of \(stage.name)", $0.digest) }
        }
    }

    /// Everything that the image depends on, by content.
    private var dependencies: [JSON] {
        [
            .record([
                "name": "commit", "uri": .string("git+\(record.source)@\(record.commit.id.hex)"),
                "digest": ["gitCommit": .string(record.commit.id.hex)],
            ]),
            EvidenceName.resource(record.pipelinePath ?? "pipeline file", record.pipelineFile),
        ]
            + [("lock file", record.lockFile), ("spec", record.spec)].compactMap { name, digest in
                digest.map { EvidenceName.resource(name, $0) }
            }
            + record.bases.map { EvidenceName.resource($0.generation.description, $0.image) }
            + imports + fetches + packages
    }

    private var imports: [JSON] {
        lock.imports.sorted { $0.key < $1.key }
            .map { EvidenceName.resource("import of \($0.key)", $0.value.digest, uri: $0.value.origin.description) }
    }

    private var fetches: [JSON] {
        lock.fetches.sorted { $0.key < $1.key }
            .map { EvidenceName.resource("fetch of \($0.key)", $0.value.output.blob) }
    }

    private var packages: [JSON] {
        lock.packages.sorted { $0.key < $1.key }.flatMap { _, locked in
            locked.closure.map { package in
                EvidenceName.resource(
                    package.poolPath, package.digest,
                    uri: EvidenceName.package(
                        package.name, package.version, package.architecture, suite: "debian-\(locked.suite)"))
            }
        }
    }
}
