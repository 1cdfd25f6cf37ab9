"""Chains in PEM files: every leaf begins a new chain."""

from cryptography import x509

Certificates = tuple[x509.Certificate, ...]


def chains_in_pem(pem: bytes) -> list[Certificates]:
    """The chains of a file, leaf first each. Raises ValueError where it holds no certificate, or an unreadable one."""
    chains: list[list[x509.Certificate]] = []
    for certificate in x509.load_pem_x509_certificates(pem):
        if not chains or not _is_authority(certificate):
            chains.append([])
        chains[-1].append(certificate)
    return [tuple(chain) for chain in chains]


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, x509.DuplicateExtension):
        return False
