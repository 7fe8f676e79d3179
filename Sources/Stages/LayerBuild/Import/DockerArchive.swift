import BakeModel
import TarArchive

/// What `docker save`, `podman save` and skopeo's `docker-archive:` write: `manifest.json` names a configuration and
/// layers by their paths in the tar. Docker 25 and later put an OCI layout beside it and name files of that.
/// Source: the Docker image specification 1.2, "Combined Image JSON + Filesystem Changeset Format".
struct DockerArchive {
    let archive: ForeignArchive

    /// The image of a name, `web:1` or `localhost/web:1`; the only one where it is nil.
    func image(named reference: String?) throws -> ForeignImage {
        let entry = try entry(named: reference)
        guard let configuration = entry["Config"]?.string, let layers = entry["Layers"]?.all(\.string) else {
            throw archive.refused("its manifest.json names no configuration or no layers")
        }
        return ForeignImage(
            configuration: try archive.json(configuration),
            layers: layers.map { path in
                ForeignImage.Layer(name: path, claim: nil) { [archive] in try archive.open(path) }
            })
    }

    private func entry(named reference: String?) throws -> JSON {
        guard let images = try archive.json("manifest.json").items else {
            throw archive.refused("its manifest.json is no list")
        }
        let names = images.flatMap { $0["RepoTags"]?.all(\.string) ?? [] }
        guard let reference else {
            guard images.count == 1 else {
                throw archive.refused(
                    "it has \(images.count) images; name one behind a colon: \(names.joined(separator: ", "))")
            }
            return images[0]
        }
        let fitting = images.filter { ($0["RepoTags"]?.all(\.string) ?? []).contains { Self.is($0, reference) } }
        guard fitting.count == 1 else {
            let others = names.isEmpty ? "its images have no names" : "it has \(names.joined(separator: ", "))"
            throw archive.refused("it has no image named \(reference); \(others)")
        }
        return fitting[0]
    }

    /// Names without a tag mean `latest`, and tools put a host before them.
    private static func `is`(_ name: String, _ reference: String) -> Bool {
        let tagged = reference.split(separator: "/").last?.contains(":") == true ? reference : "\(reference):latest"
        return name == tagged || ["docker.io/library/", "docker.io/", "localhost/"].contains { name == $0 + tagged }
    }
}
