// SPDX-License-Identifier: Apache-2.0
package dev.segue.renderer.status;

import dev.segue.renderer.model.PlainData;
import dev.segue.renderer.model.Tenancy;
import dev.segue.renderer.model.Tenant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What files may release, as plain data of the form that the agent's configuration has. */
public final class TenancyFile {
  private TenancyFile() {}

  public static Map<String, @Nullable Object> data(Tenancy tenancy) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("serviceAccountRequired", tenancy.serviceAccountRequired());
    if (tenancy.defaultServiceAccount() != null) {
      data.put("defaultServiceAccount", tenancy.defaultServiceAccount());
    }
    if (!tenancy.tenants().isEmpty()) {
      data.put("tenants", tenants(tenancy.tenants()));
    }
    return data;
  }

  /** Returns the tenants alone, as that list has them. */
  public static List<Map<String, @Nullable Object>> tenants(List<Tenant> tenants) {
    return tenants.stream().map(TenancyFile::tenant).toList();
  }

  private static Map<String, @Nullable Object> tenant(Tenant tenant) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("name", tenant.name());
    if (!tenant.paths().isEmpty()) {
      data.put("paths", tenant.paths());
    }
    if (!tenant.objects().isEmpty()) {
      data.put("objects", tenant.objects());
    }
    data.put("namespaces", tenant.namespaces());
    if (!tenant.clusterScoped().isEmpty()) {
      data.put("clusterScoped", tenant.clusterScoped());
    }
    if (!tenant.secrets().isEmpty()) {
      data.put("secrets", tenant.secrets());
    }
    if (tenant.serviceAccount() != null) {
      data.put("serviceAccount", tenant.serviceAccount());
    }
    return data;
  }

  /** Reads what {@link #data} gives; {@link Tenancy#NONE} of nothing. */
  static Tenancy read(Map<String, @Nullable Object> data) {
    List<Tenant> tenants = new ArrayList<>();
    if (data.get("tenants") instanceof List<?> list) {
      list.forEach(item -> tenants.add(tenant(item)));
    }
    return new Tenancy(
        Boolean.TRUE.equals(data.get("serviceAccountRequired")),
        textOrNull(data, "defaultServiceAccount"),
        tenants);
  }

  private static Tenant tenant(@Nullable Object data) {
    return new Tenant(
        PlainData.text(data, "name"),
        PlainData.texts(PlainData.at(data, "paths")),
        PlainData.texts(PlainData.at(data, "objects")),
        PlainData.texts(PlainData.at(data, "namespaces")),
        PlainData.texts(PlainData.at(data, "clusterScoped")),
        PlainData.texts(PlainData.at(data, "secrets")),
        textOrNull(data, "serviceAccount"));
  }

  private static @Nullable String textOrNull(@Nullable Object data, String key) {
    String text = PlainData.text(data, key);
    return text.isEmpty() ? null : text;
  }
}
