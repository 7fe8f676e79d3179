import BakeModel
import Glibc
import LayerBuild
import LinuxSystem
import RegistryClient

extension CommandSession {
    /// How images of others are reached: with the logins, certificates and proxies of whoever asks.
    func importAccess() -> ImportAccess {
        let registries = RegistryAccess(
            credentials: { try registryCredentials() }, certificates: environment["SSL_CERT_FILE"].nonEmpty,
            proxies: RegistryProxies(environment: environment))
        return ImportAccess(architecture: Self.architecture, registries: registries, program: program)
    }

    private func registryCredentials() throws -> RegistryCredentials {
        var credentials = RegistryCredentials()
        for path in loginFiles where access(path, F_OK) == 0 {
            try credentials.add(try DurableFile.read(path, limit: 1 << 20), from: path)
        }
        return credentials
    }

    /// Where `skopeo login`, `podman login` and `docker login` keep their logins, as containers-auth.json(5) has it. A file
    /// that is named is the only one.
    private var loginFiles: [String] {
        if let file = environment["REGISTRY_AUTH_FILE"].nonEmpty { return [absolute(file)] }
        if let directory = environment["DOCKER_CONFIG"].nonEmpty { return [absolute("\(directory)/config.json")] }
        let homes = [
            environment["XDG_RUNTIME_DIR"].nonEmpty.map { "\($0)/containers/auth.json" },
            environment["XDG_CONFIG_HOME"].nonEmpty.map { "\($0)/containers/auth.json" },
            environment["HOME"].nonEmpty.map { "\($0)/.config/containers/auth.json" },
            environment["HOME"].nonEmpty.map { "\($0)/.docker/config.json" },
        ]
        return homes.compactMap { $0 }
    }
}
