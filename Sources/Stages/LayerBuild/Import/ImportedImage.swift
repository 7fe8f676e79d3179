import BakeModel
import TarArchive

extension StageBuilder {
    /// The root of an image that somebody else made: its layers read strictly and written again, its configuration
    /// carried over.
    func base(
        of image: ForeignImage, _ found: FoundImport, for stage: StageName, isEntered: Bool
    ) throws -> BuiltStage {
        let (name, architecture) = (found.source.description, found.architecture)
        let configuration = image.configuration
        let refused = { (why: String) in LayerFault.unusableImport(name, why) }
        let platform = (os: configuration["os"]?.string, architecture: configuration["architecture"]?.string)
        guard platform.os ?? "linux" == "linux", platform.architecture ?? architecture == architecture else {
            throw refused(
                "it is for \(platform.os ?? "linux")/\(platform.architecture ?? "?"), not for linux/\(architecture)")
        }
        guard let diffIDs = configuration["rootfs"]?["diff_ids"]?.all(\.namedDigest),
            diffIDs.count == image.layers.count
        else { throw refused("its layers and diff ids differ in number") }
        guard diffIDs.count <= ForeignLimit.layers else {
            throw refused("it has \(diffIDs.count) layers, more than \(ForeignLimit.layers)")
        }
        let layers = try zip(image.layers, diffIDs).map { layer, diffID in
            let archive = try verified(layer, diffID: diffID) { refused($0) }
            return try canonical(archive, by: "\(stage): import \(name)", isEntered: isEntered)
        }
        return BuiltStage(
            layers: layers, output: nil, configuration: ImageConfiguration(oci: configuration["config"] ?? [:]))
    }

    private func verified(
        _ layer: ForeignImage.Layer, diffID: Digest, refused: (String) -> LayerFault
    ) throws -> SpooledArchive {
        let archive: SpooledArchive
        do throws(any Error) {
            archive = try SpooledArchive(reading: try layer.open(), in: store.temporary, limits: Self.importLimits)
        } catch let error as ArchiveReadError {
            throw refused("\(layer.name): \(error.subject): \(error.reason)")
        }
        let summary = archive.summary
        let isClaimed = layer.claim.map { $0.digest == summary.blob && $0.size == summary.size } ?? true
        guard isClaimed, summary.diffID.digest == diffID else {
            throw refused("\(layer.name) does not have the digest, diff id and size that are claimed")
        }
        return archive
    }
}
