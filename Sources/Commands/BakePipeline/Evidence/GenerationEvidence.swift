import Attestation
import BakeModel
import ImageComparison
import Signing

/// What is stated of a generation when it is made: how, of what, and that it passed.
struct GenerationEvidence {
    let store: BakeStore
    let key: SigningKey?
    let image: Image
    let lock: Lock
    let stages: [BuildRecord.Stage]
    let verdict: Verdict?
    let times: (start: Timestamp, end: Timestamp)

    /// Writes what is stated about a generation.
    /// - Parameter record: the generation without that.
    /// - Returns: the generation with it.
    func complete(_ record: GenerationRecord) throws -> GenerationRecord {
        let found = try InstalledPackages.read(image.layers, from: store.blobs)
        let list = InstalledPackageList(
            found.map {
                InstalledPackageList.Item(
                    name: $0.package.name, version: $0.package.version, architecture: $0.package.architecture)
            })
        return record.stating(
            try statements(about: record, found),
            packages: list.items.isEmpty ? nil : try store.blobs.put(list.bytes))
    }

    private func statements(
        about record: GenerationRecord, _ found: [InstalledPackages.Found]
    ) throws -> [StatementFacts] {
        let writer = StatementWriter(blobs: store.blobs, key: key)
        let identity = try store.identity()
        let provenance = Provenance(of: record, lock: lock, stages: stages, store: identity, times: times)
        let packages = found.map {
            SoftwareBill.Package(
                name: $0.package.name, version: $0.package.version, architecture: $0.package.architecture,
                layer: $0.layer)
        }
        let bill = SoftwareBill(
            of: record, layers: image.layers, packages: packages, lock: lock, store: identity, created: times.end)
        var statements = [
            try writer.write(provenance.statement, .provenance, imageSize: image.manifestSize),
            try writer.write(bill.statement, .sbom, imageSize: image.manifestSize),
        ]
        if let verdict, let facts = record.verdict {
            let result = TestResult(of: record, facts, verdict).statement
            statements.append(try writer.write(result, .verdict, imageSize: image.manifestSize))
        }
        return statements
    }
}

extension GenerationRecord {
    /// The same generation with what is stated of it.
    func stating(_ statements: [StatementFacts], packages: Digest?) -> GenerationRecord {
        GenerationRecord(
            id: id, image: image, imageSize: imageSize, evidence: evidence, evidenceSize: evidenceSize,
            commit: commit, source: source, pipelineFile: pipelineFile, pipelinePath: pipelinePath,
            lockFile: lockFile, spec: spec, verdict: verdict, builder: builder, arguments: arguments, bases: bases,
            statements: statements, packages: packages)
    }
}
