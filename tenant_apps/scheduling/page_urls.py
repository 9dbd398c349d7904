"""The calendar's pages on an organization's host."""

from django.urls import path

from tenant_apps.scheduling.page_views import appointments, contracts, others, states

app_name = "scheduling"
urlpatterns = [
    path("appointments/", appointments.appointment_list, name="appointments"),
    path("appointments/new/", appointments.appointment_new, name="new"),
    path("appointments/of/<uuid:pk>/", appointments.client_visits, name="client_visits"),
    path("appointments/<uuid:pk>/", appointments.appointment_detail, name="detail"),
    path("appointments/<uuid:pk>/edit/", appointments.appointment_edit, name="appointment_edit"),
    path("appointments/<uuid:pk>/history/", appointments.appointment_history, name="appointment_history"),
    path("appointments/<uuid:pk>/cancellation/", states.cancel, name="cancel"),
    path("appointments/<uuid:pk>/restoration/", states.restore, name="restore"),
    path("appointments/<uuid:pk>/confirmation/", states.confirm, name="confirm"),
    path("appointments/<uuid:pk>/start/", states.start, name="start"),
    path("appointments/<uuid:pk>/completion/", states.complete, name="complete"),
    path("appointments/<uuid:pk>/no-show/", states.no_show, name="no_show"),
    path("appointments/<uuid:pk>/reopening/", states.reopen, name="reopen"),
    path("contracts/", contracts.contract_list, name="contracts"),
    path("contracts/new/", contracts.contract_new, name="contract_new"),
    path("contracts/of/<uuid:pk>/", contracts.client_contracts, name="client_contracts"),
    path("contracts/<uuid:pk>/", contracts.contract_detail, name="contract"),
    path("contracts/<uuid:pk>/edit/", contracts.contract_edit, name="contract_edit"),
    path("contracts/<uuid:pk>/history/", contracts.contract_history, name="contract_history"),
    path("contracts/<uuid:pk>/variations/", contracts.contract_vary, name="contract_vary"),
    path("contracts/<uuid:pk>/variations/<uuid:variation>/removal/", contracts.contract_unvary, name="contract_unvary"),
    path("contracts/<uuid:pk>/resumption/", contracts.contract_resume, name="contract_resume"),
    path("contracts/<uuid:pk>/removal/", contracts.contract_remove, name="contract_remove"),
    path("offerings/", others.offering_list, name="offerings"),
    path("offerings/new/", others.offering_new, name="offering_new"),
    path("offerings/<uuid:pk>/", others.offering_edit, name="offering"),
    path("offerings/<uuid:pk>/removal/", others.offering_remove, name="offering_remove"),
    path("availability/", others.availability, name="availability"),
    path("availability/<uuid:pk>/", others.hours_edit, name="hours"),
    path("availability/days-off/", others.day_off_add, name="day_off_add"),
    path("availability/days-off/<uuid:pk>/removal/", others.day_off_remove, name="day_off_remove"),
    path("availability/policy/", others.policy_edit, name="policy"),
]
