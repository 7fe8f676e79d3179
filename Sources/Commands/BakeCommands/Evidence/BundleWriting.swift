import BakeModel
import BakePipeline
import Glibc
import LinuxSystem
import TarArchive

/// Writes all evidence of a generation to a file.
struct BundleWriting {
    let session: CommandSession

    func write(_ reference: String, to output: String?, from store: BakeStore) throws {
        let record = try session.resolver(store).generation(reference)
        guard let output else {
            throw UsageError(
                subject: "--bundle \(reference)", reason: "it needs a file to write",
                hint: "-o \(record.id.pipeline)-\(record.id.number).tar, or -o - for standard output")
        }
        let files = try EvidenceBundle(store: store, record: record).files()
        let bytes = PlainArchive.bytes(of: files)
        if output == "-" { return session.console.bytes(bytes) }
        if !session.options.isDryRun { try OutputFile.write(session.absolute(output), bytes) }
        session.console.result(
            "\(TerminalText.escaped(output))  \(files.count) files  \(Wording.size(UInt64(bytes.count)))")
        session.console.note("tar -xf \(TerminalText.escaped(output)) && sh verify.sh KEY.pub")
    }
}
